"""Steps of the storm that the player performs while the demo runs. The last one must be an update."""

from updates.publishing import EventDetails, QuoteContent

from .steps import Details, Edit, Photo, Pin, Post, Remove, Step

FUTURE_STEPS: tuple[Step, ...] = (
    Post("in-sight", "tomas", "The second surge is in sight", ("""
        From the roof of the fish hall you can see it: a long grey step in the water, a mile beyond the light. The
        harbour crews have stopped talking. Everybody looks the same way.
        """,)),
    Post("gauge-74", "noor", "74 centimetres and climbing", ("""
        The gauge at the gate shows 74&nbsp;centimetres above normal, 13 more than at the first surge. The gate is
        built for 110.
        """,)),
    Details(EventDetails(key_points=(
        "The harbour is closed. About 1,400 people have left the lower quays and Rope Street.",
        "The <strong>second surge</strong> is running in. At the gate the water stands 74&nbsp;cm above normal.",
        "The strongest gust so far was 128&nbsp;km/h, at Ness Point.",
        "4,200 homes are without power. Nobody is reported seriously hurt.",
    ))),
    Post("mill-lane", "mara", "Mill Lane is one-way, uphill only", ("""
        Police have made Mill Lane one-way so that buses can bring the last people up. Drivers coming down are
        sent round by Hallow Cross.
        """,)),
    Post("red-wider", "noor", "Red warning now reaches Hallow Cross", ("""
        The weather service has extended the red warning inland as far as Hallow Cross. Stay indoors and away from
        trees; the ground is soaked, and roots no longer hold.
        """,), is_key=True),
    Post("steps", "jonah", "Water on the steps of the fish hall", ("""
        The sea stands on the third of the fish hall’s nine steps. The hall’s own mark from 1953 is on the seventh.
        """,)),
    Post("fire-chief", "ines", "Fire chief: “Every call is answered”", (
        QuoteContent(
            "We have had two hundred and six calls and have answered two hundred and six. If your cellar is full, "
            "you will wait. If you are in it, you will not.",
            "Fire chief Aled Morrow",
        ),
    )),
    Edit("steps", ("""
        The sea stands on the second of the fish hall’s nine steps. The hall’s own mark from 1953 is on the seventh.
        """,), note="the water stood on the second step, not the third."),
    Post("at-the-gate", "tomas", "Second surge reaches the gate", ("""
        You feel it before you hear it. The water came up the outer basin in one block and hit the gate at Sluice
        Street; the rail under my hand shook. The gate stands.
        """,), is_key=True),
    Post("gauge-88", "noor", "88 centimetres, and slower", ("""
        The gauge shows 88&nbsp;centimetres above normal. It still climbs, but more slowly than a few minutes ago.
        """,)),
    Edit("gauge-88", ("""
        The gauge shows 88&nbsp;centimetres above normal. It still climbs, but more slowly than a few minutes ago.

        The harbour office adds that pumps behind the gate are keeping up with what seeps through.
        """,)),
    Post("bridge-rumour", "mara", "Swing bridge said to stand open", ("""
        Two drivers tell us that the swing bridge stands open and the town is cut in two. We are on our way there.
        """,)),
    Post("highest", "noor", "Highest water: 94 centimetres, 11 below the wall", ("""
        The gauge has stood at 94&nbsp;centimetres above normal for five readings in a row. That is 11&nbsp;centimetres
        below the top of the quay wall. The harbour office calls it the turn of the tide.
        """,), is_key=True),
    Remove("bridge-rumour", "Bridge office: it never opened. The drivers saw the barrier test.",
           reader_note="the swing bridge was never open."),
    Pin("highest"),
    Details(EventDetails(
        title="Storm Maren: the flood gate holds",
        standfirst="The water has turned 11 centimetres below the quay wall. The wind still blows; "
        "the harbour stays shut and the shelters stay open.",
        key_points=(
            "The highest water was <strong>94&nbsp;cm</strong> above normal, 11 below the quay wall.",
            "The Sluice Street gate held at both surges.",
            "About 1,400 people are away from home. Nobody is reported seriously hurt.",
            "4,200 homes are without power.",
        ),
    )),
    Post("short-of-trouble", "jonah", "Harbour master: “We were eleven centimetres short of trouble”", (
        QuoteContent(
            "We were eleven centimetres short of trouble. That is not luck, that is a gate.",
            "Harbour master Ingrid Sollow",
        ),
    )),
    Post("two-households", "jonah", "The two households who stayed are well", ("""
        Firefighters have called on both. At number 9 they were offered soup.
        """,)),
    Post("wind-turns", "noor", "The wind turns north-west", ("""
        At Ness Point the wind has gone round to north-west and dropped to force 8. From here it eases, forecasters
        say; the warning goes down to amber for the bay and stays red inland for now.
        """,)),
    Post("lights", "jonah", "Power back in the lower town", (
        Photo(
            "harbour.jpg",
            alt="Boats at anchor in a calm harbour, windows lit along the waterfront and in the water.",
            credit="Lena Orsk / Ellery Signal",
            caption="The inner harbour, minutes after the lights came back.",
        ),
        Photo(
            "townhall.jpg",
            alt="The town hall at night, every window lit, with people in the square before it.",
            credit="Jonah Pell / Ellery Signal",
            caption="The town hall has light again, too.",
        ),
        """
        2,900 homes in the lower town have power again. Ness Point has to wait until the line by the old mill is
        mended.
        """,
    ), is_key=True),
    Post("ferries-again", "mara", "When ferries and buses run again", ("""
        <ul><li>Buses: line 7 along the quays once the wall has been inspected, all others as usual</li>
        <li>Ferries: first crossing to Inner Skerry tomorrow night</li>
        <li>Coast road: shut until two trees near Sandward are cleared</li></ul>
        """,)),
    Post("going-home", "ines", "Going home: what to know", ("""
        Residents of Rope Street and the lower quays may go back from seven tomorrow morning. Before you do:

        <ul><li>Switch nothing on that has been wet.</li>
        <li>Take photographs before you clean up; insurers ask for them.</li>
        <li>Water from the tap is safe to drink everywhere in town.</li></ul>
        """,)),
    Pin("going-home"),
    Post("gate-opens", "tomas", "The Sluice Street gate opens", ("""
        With a noise like a tram the gate goes up. On the sea side the water stands 12&nbsp;centimetres above normal
        and is falling. The crews, who have been here for nineteen hours, applaud it.
        """,), is_key=True),
    Details(EventDetails(
        title="Storm Maren: how Port\u00a0Ellery came through the tide",
        standfirst="The flood gate held, the water stayed 11 centimetres below the quay wall, "
        "and nobody was seriously hurt.",
        key_points=(
            "The highest water was <strong>94&nbsp;cm</strong> above normal, 11 below the quay wall.",
            "1,400 people left their homes. They may go back from seven tomorrow morning.",
            "Power is back everywhere except at Ness Point.",
            "The harbour opens again at noon tomorrow.",
        ),
    )),
    Post("quieter", "ines", "We go on more quietly from here", ("""
        The worst is over. We keep this page open and post when there is something to say. Thank
        you for reading, and for the photographs.
        """,)),
)  # fmt: skip
