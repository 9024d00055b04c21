"""Updates of the storm from before the set-up."""

from updates.publishing import EventDetails, QuoteContent

from .steps import Edit, Embed, Photo, Pin, Post, Remove, Step, Story

BREAKWATER = Photo(
    "breakwater.jpg",
    alt="A wave several times the height of the breakwater bursts beside a red and white lighthouse.",
    credit="Lena Orsk / Ellery Signal",
    caption="A wave breaks over the south breakwater. The light is still working; its keeper was taken ashore.",
)

PAST_STEPS: tuple[Step, ...] = (
    Post("prepares", "ines", "Port Ellery prepares for Storm Maren", ("""
        Maren comes ashore today. Our reporters are on the North Quay, at Ness Point and in the lower town, and
        this page follows the storm until it has passed.
        """,), minute=-190),
    Post("in-short", "noor", "The storm in three lines", ("""
        <ul><li>Wind: force 10 from the west, in gusts 11.</li>
        <li>Water: two surges, the second on top of the tide.</li>
        <li>Rain: heavy, but it is not the rain that worries the harbour office.</li></ul>
        """,), minute=-181),
    Post("first-warning", "noor", "First flood warning for the lower quays", ("""
        The harbour office has issued a flood warning for the lower quays. The Sluice Street gate will be lowered
        within the hour; cars have to be gone from the quays by then.
        """,), minute=-172, is_key=True),
    Post("what-runs", "mara", "What still runs, and what does not", ("""
        <ul><li>Ferries: the last one has left Inner Skerry and is expected on time.</li>
        <li>Buses: all lines, except the 7 along the quays.</li>
        <li>The swing bridge stays closed to boats and open to everyone else.</li></ul>
        """,), minute=-160),
    Post("sandbags", "jonah", "Four thousand sandbags for Rope Street", ("""
        A chain of some two hundred people is passing sandbags along Rope Street, the baker at one end and the
        rowing club at the other. “We began with the cellars,” says one of them. “Now it is the front doors.”
        """,), minute=-149),
    Post("harbour-closes", "ines", "Harbour closes to all vessels", ("""
        The harbour office has closed the port to all vessels. Nine fishing boats are still out; all have answered
        the radio.
        """,), minute=-138, is_key=True),
    Post("red", "noor", "Storm warning raised to red", ("""
        The weather service has raised its warning for the whole bay to <strong>red</strong>, the highest level.
        It holds until the wind has turned.
        """, Embed("https://weather.example/warnings/ellery-bay", "The warning in full:", "Red warning, Ellery Bay")),
        minute=-127),
    Post("where-to-go", "ines", "If you live on the lower quays: where to go", ("""
        Shelters are open in the <strong>Tannery School</strong> and the <strong>Old Customs House</strong>.
        Leave by Mill Lane; Sluice Street is shut. If you need help to leave, call
        <a href="tel:0300555014">0300&nbsp;555&nbsp;014</a>.
        """,), minute=-118),
    Pin("where-to-go", minute=-117),
    Post("marigold", "tomas", "Two taken off a fishing boat", ("""
        A lifeboat crew has taken two people off the <em>Marigold</em>, which lost its engine a mile west of the
        light. Both are well. The other eight boats are in.
        """,), minute=-109, is_key=True),
    Post("coast-road", "mara", "Coast road shut at Sandward", ("""
        Police have shut the coast road between Sandward and Ness Point. Buses on line 4 go inland by way of
        Hallow Cross.
        """,), minute=-98),
    Post("power", "jonah", "Where the power is out", ("""
        The grid operator counts 4,200 homes without power:

        <ul><li>Lower town and quays: 2,900, switched off as a precaution</li>
        <li>Ness Point: 1,100, line down near the old mill</li>
        <li>Sandward: 200, cause not yet known</li></ul>
        """,), minute=-90),
    Post("schools", "ines", "Schools stay closed tomorrow", ("""
        All eleven schools in Port Ellery stay closed tomorrow. The Tannery School remains open as a shelter.
        """,), minute=-80),
    Post("rope-street", "jonah", "Rope Street under water", (
        Photo(
            "street.jpg",
            alt="A street with its lamps lit and two cars standing in water up to their doors.",
            credit="Jonah Pell / Ellery Signal",
            caption="Rope Street, shortly after the last residents of its lower end had left.",
        ),
    ), minute=-70),
    Post("ferries", "mara", "No ferries to Inner Skerry before tomorrow night", ("""
        The ferry line has cancelled all crossings to Inner Skerry until tomorrow night. Tickets stay valid until
        the end of the month.
        """,), minute=-62),
    Post("cleared", "ines", "Lower quays and Rope Street cleared", ("""
        About 1,400 people have left the lower quays and Rope Street, the town says. Two households stayed;
        firefighters have their names and telephone numbers.

        The shelter in the Tannery School has room for 300 more people. Pets are welcome.
        """,), minute=-52, is_key=True),
    Post("stay-off", "jonah", "Harbour master: “Stay off the quays, all of them”", (
        QuoteContent(
            "I have read this gauge for thirty-one years and have not seen it climb so fast. "
            "Stay off the quays, all of them, until we say otherwise.",
            "Harbour master Ingrid Sollow",
        ),
    ), minute=-40),
    Post("leak", "noor", "Gate “leaking” at Sluice Street", ("""
        A caller reports water coming through beside the Sluice Street gate. We are asking the harbour office.
        """,), minute=-36),
    Remove("leak", "The caller meant the drain in Sluice Lane. Harbour office: the gate is tight.",
           reader_note="it named the wrong street.", minute=-34),
    Post("gust", "noor", "Strongest gust yet: 128\u00a0km/h at Ness Point", ("""
        The weather service measured 128&nbsp;kilometres an hour at Ness Point at {-33}, the strongest gust of the
        day. The record for the station, set in 1987, is 134.

        Forecasters expect the wind to turn north-west after high water and to ease from there.
        """,), minute=-31),
    Post("on-the-quay", "tomas", "On the quay, waiting for the tide", (
        Embed(
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
            "Correspondent Tomas Wrede reports:",
            "From the North Quay (in this demo the open film “Big Buck Bunny” plays in its place)",
            poster="report.jpg",
        ),
        """
        Police have closed the quay to everyone but harbour crews. Our correspondent speaks from behind the barrier
        at the fish hall.
        """,
    ), minute=-22),
    Post("breakwater", "ines", "Waves break over the north breakwater", (BREAKWATER,), minute=-14),
    Edit("breakwater", (
        Photo(BREAKWATER.file, BREAKWATER.alt, BREAKWATER.credit, BREAKWATER.caption.replace("south", "north")),
    ), note="the photograph shows the north breakwater, not the south one.", minute=-9),
    Post("gate-holds", "noor", "Flood gate holds as the first surge passes", ("""
        The harbour office says the Sluice Street gate held when the first surge reached it at {-8}. Water stood
        61&nbsp;centimetres above normal on the sea side and did not come over.

        A second, higher surge is expected with the tide. Crews stay at the gate until then.
        """,), minute=-5, is_key=True),
)  # fmt: skip

STORM = Story(
    slug="storm-maren",
    details=EventDetails(
        title="Storm Maren: Port\u00a0Ellery waits for the tide",
        standfirst="The harbour is shut, the lower quays are cleared and the flood gate is down. "
        "The highest water is still to come.",
        byline="Ines Calder, Noor Hadad and Tomas Wrede",
    ),
    key_points=(
        "The harbour is closed. About 1,400 people have left the lower quays and Rope Street.",
        "The flood gate held at the first surge. The second is due <strong>with the tide</strong>.",
        "The strongest gust so far was 128&nbsp;km/h, at Ness Point.",
        "4,200 homes are without power. Nobody is reported seriously hurt.",
    ),
    steps=PAST_STEPS,
    starts=-191,
    lead_picture="breakwater.jpg",
)
