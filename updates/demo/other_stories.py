"""The other live blogs of the demo: one upcoming, two ended, one in Arabic (right to left)."""

from updates.publishing import EventDetails, QuoteContent

from .steps import Photo, Pin, Post, Story

ELECTION = Story(
    slug="election-night",
    details=EventDetails(
        title="Port\u00a0Ellery votes: election night",
        standfirst="Five wards, fifteen seats and a new mayor. "
        "We report every count from the town hall as it comes in.",
        byline="Ines Calder, Jonah Pell and Mara Lindqvist",
    ),
    key_points=(
        "<strong>20:00</strong> Polls close, first estimate",
        "<strong>20:45</strong> First ward, about then: Sandward",
        "<strong>23:30</strong> Last ward and the mayor, about then",
    ),
    lead_picture="townhall.jpg",
)

COUNCIL = Story(
    slug="harbour-budget",
    details=EventDetails(
        title="Town council votes on the harbour budget",
        standfirst="After six hours the council has agreed on a new quay wall and on who pays for it.",
        byline="Jonah Pell",
    ),
    key_points=(
        "The budget passed with nine votes to six.",
        "The quay wall is to be raised by 40&nbsp;cm within three years.",
        "Mooring fees stay as they are until then.",
    ),
    steps=(
        Post("gallery", "jonah", "Public gallery full an hour before the vote", (
            Photo(
                "chamber.jpg",
                alt="A panelled council chamber with tall windows, seen from the last row of a full gallery.",
                credit="Jonah Pell / Ellery Signal",
                caption="The council chamber. Those who found no seat listen on the stairs.",
            ),
        ), minute=-50),
        Post("lease", "jonah", "Opposition asks for a longer quay lease", ("""
            The opposition wants to let the fish hall for thirty years instead of ten, and to pay for the wall with
            the difference.
            """,), minute=10),
        Post("first-reading", "jonah", "First reading passes, nine votes to six", ("""
            All three independents vote with the majority. The second reading follows tonight.
            """,), minute=85, is_key=True),
        Post("mayor", "jonah", "Mayor: “A wall is cheaper than a flood”", (
            QuoteContent("A wall is cheaper than a flood, and you only have to explain it once.", "Mayor Edda Rowan"),
        ), minute=180),
        Post("lease-fails", "mara", "Longer lease rejected", ("""
            Eight votes to seven: the lease of the fish hall stays at ten years.
            """,), minute=225),
        Post("passed", "jonah", "The budget is passed", ("""
            Nine votes to six. Work on the quay wall is to begin in spring.
            """,), minute=288, is_key=True),
    ),
    days_ago=1,
    starts=-60,
    ends=300,
)  # fmt: skip

BRIDGE = Story(
    slug="swing-bridge",
    details=EventDetails(
        title="Swing bridge opens after nine years of work",
        standfirst="Two minutes and forty seconds: that is how long the new bridge takes to let a ship through.",
        byline="Mara Lindqvist",
    ),
    steps=(
        Post("morning", "mara", "The ribbon is up", ("""
            Some three hundred people wait on either side. Between them lies the bridge, closed, painted and nine
            years late.
            """,), minute=-95),
        Post("how", "mara", "How it works", ("""
            <ol><li>Barriers close the road.</li><li>Wedges are drawn, and the span rests on its pivot.</li>
            <li>Two motors turn 410 tonnes by ninety degrees.</li></ol>
            """,), minute=-70),
        Post("ribbon", "mara", "First across: the number 7 bus", ("""
            With the mayor standing beside the driver. The fare was paid.
            """,), minute=-45, is_key=True),
        Post("keeper", "mara", "“I have practised on a model”", (
            QuoteContent(
                "I have practised on a model for two years. The model was quieter.", "Bridge keeper Sil Anders"
            ),
        ), minute=-30),
        Post("first-ship", "mara", "First ship through", ("""
            The dredger <em>Patience</em> passed in two minutes and forty seconds. That ends our coverage.
            """,), minute=-4, is_key=True),
    ),
    days_ago=10,
    starts=-100,
    ends=0,
)  # fmt: skip

ARABIC = Story(
    slug="storm-maren-ar",
    details=EventDetails(
        title="العاصفة مارين: ميناء إليري يترقّب المدّ",
        standfirst="الميناء مغلق، والأرصفة السفلى أُخليت، وبوابة الفيضان أُنزلت.",
        byline="نور حداد",
        language="ar",
    ),
    key_points=(
        "الميناء مغلق. وغادر نحو 1400 شخص الأرصفة السفلى وشارع الحبال.",
        "صمدت بوابة الفيضان أمام الموجة الأولى.",
        "بلغت أقوى هبّة حتى الآن 128 كم/س عند رأس نِس.",
        "4200 منزل بلا كهرباء. ولم ترد أنباء عن إصابات خطيرة.",
    ),
    steps=(
        Post("ar-closed", "noor-ar", "إغلاق الميناء أمام جميع السفن", (), minute=-136, is_key=True),
        Post("ar-where", "noor-ar", "سكان الأرصفة السفلى: إلى أين تذهبون", ("""
            الملاجئ مفتوحة في مدرسة المدبغة ودار الجمارك القديمة. غادروا عبر ممر الطاحونة؛ شارع الهويس مغلق. لطلب
            المساعدة اتصلوا بالرقم 0300&nbsp;555&nbsp;014.
            """,), minute=-115),
        Pin("ar-where", minute=-114),
        Post("ar-cleared", "noor-ar", "إخلاء الأرصفة السفلى وشارع الحبال", (), minute=-50, is_key=True),
        Post("ar-stay-off", "noor-ar", "مديرة الميناء: «ابتعدوا عن الأرصفة كلها»", (
            QuoteContent(
                "أقرأ هذا المقياس منذ إحدى وثلاثين سنة ولم أره يرتفع بهذه السرعة. "
                "ابتعدوا عن الأرصفة كلها إلى أن نقول غير ذلك.",
                "مديرة الميناء إنغريد سولو",
            ),
        ), minute=-38),
        Post("ar-gate", "noor-ar", "بوابة الفيضان تصمد أمام الموجة الأولى", ("""
            قال مكتب الميناء إن بوابة شارع الهويس صمدت حين بلغتها الموجة الأولى. وارتفع الماء 61 سنتيمترًا فوق المعتاد
            من جهة البحر ولم يتجاوز البوابة.
            """,), minute=-4, is_key=True),
    ),
    starts=-200,
)  # fmt: skip
