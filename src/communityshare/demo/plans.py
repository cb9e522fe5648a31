"""The maintenance plans of the demo community, and how each of them stands today."""

from dataclasses import dataclass

from communityshare.maintenance.schedules.recurrence import Frequency, Mode


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, placed in time relative to the day of loading.

    With `due` the open occurrence is that many days from today, and earlier ones are done. Without, dates
    follow from `anchor` (month and day) or `rrule`, and all that fell due is done.
    """

    thing: str
    type: str
    frequency: Frequency
    assignee: str | None
    steps: tuple[str, ...]
    """An introduction, then the points of the checklist."""
    due: int | None = None
    anchor: tuple[int, int] | None = None
    rrule: str | None = None
    months: int = 24
    """How long it has been running; a multiple of 12 for frequencies counted in months."""
    mode: Mode = Mode.fixed
    interval: int = 1
    hour: int = 9
    ended: bool = False
    """Its last occurrence was `due`, and that is done."""

    @property
    def description(self) -> str:
        """Markdown: the introduction and the checklist."""
        introduction, *points = self.steps
        return "\n".join([introduction, "", *(f"- {point}" for point in points)])


F, FLOATING = Frequency, Mode.floating
COORDINATOR = "coordinator"

PLANS = (
    # --- tool library
    Plan("drill", "battery care", F.monthly, COORDINATOR, due=9, steps=(
        "Batteries that lie empty die. **Charge to about half** for storage.",
        "Both packs charge and show no error", "Contacts clean and dry", "Chuck closes and runs true")),
    Plan("drill", "safety check", F.annual, "priya", due=74, steps=(
        "Yearly check of portable electrical tools; write the test value into the notes.",
        "Housing and guard whole", "Trigger returns by itself", "New sticker with the month of the next check")),
    Plan("rotary_hammer", "lubrication", F.quarterly, COORDINATOR, due=-3, steps=(
        "Open the grease cap with the *spanner on the cord*.",
        "Old grease wiped out", "One spoon of SDS grease", "Ten seconds of dry run")),
    Plan("circular_saw", "safety check", F.monthly, COORDINATOR, due=1, steps=(
        "Unplug before you touch the blade.", "Lower guard snaps back", "Blade sharp, no missing teeth",
        "Riving knife within 3 mm", "Cable and plug whole")),
    Plan("sander", "cleaning", F.biweekly, "tomasz", due=5, months=18, steps=(
        "Dust kills motors.", "Blow out the vents", "Belt tracking", "Dust bag empty and whole")),
    Plan("router", "inspection", F.semiannual, "tomasz", due=40, steps=(
        "Check the collets under the lamp.", "Collets clean, no cracks", "Plunge locks",
        "Twelve cutters present and sharp")),
    Plan("tile_cutter", "lubrication", F.annual, None, anchor=(9, 15), steps=(
        "Before the autumn renovations.", "Rails oiled", "Scoring wheel turns freely")),
    Plan("ladder", "inspection", F.quarterly, COORDINATOR, due=-12, steps=(
        "A ladder without a valid sticker **is not lent**. If in doubt, take it out of service.",
        "Rungs tight, none bent", "Feet present and not worn", "Hooks and guides move freely", "Sticker renewed")),
    Plan("scaffold", "inspection", F.semiannual, "tomasz", due=23, steps=(
        "By a trained person only.", "All parts counted", "Wheel brakes hold", "Platform without cracks",
        "Braces straight")),
    Plan("scaffold", "safety check", F.custom, COORDINATOR, rrule="FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO", steps=(
        "Before and after the painting season.", "Locking pins complete", "Loading plate readable")),
    Plan("washer", "service", F.quarterly, "priya", mode=FLOATING, steps=(
        "Three months after the last service.", "Pump oil at the mark", "Nozzle clear", "Hose without bulges")),
    Plan("generator", "testing", F.monthly, COORDINATOR, anchor=(1, 31), steps=(
        "Run it under load on the last day of the month, so that it starts when we need it.",
        "Starts within three pulls", "15 minutes at half load", "Oil level", "Fuel not older than six months")),
    Plan("generator", "oil change", F.annual, COORDINATOR, due=33, steps=(
        "0.6 l of 10W-30; old oil goes to the collection point.", "Oil changed", "Spark plug gap 0.7 mm",
        "Air filter washed")),
    Plan("mower", "service", F.annual, COORDINATOR, anchor=(3, 1), steps=(
        "Before the first cut.", "Oil changed", "Air filter", "Spark plug", "Blade sharp and balanced")),
    Plan("mower", "cleaning", F.weekly, None, due=1, months=6, steps=(
        "After the Saturday loans.", "Deck scraped", "Cooling fins free", "Fuel and oil topped up")),
    Plan("chainsaw", "sharpening", F.monthly, COORDINATOR, mode=FLOATING, steps=(
        "One month after the last sharpening. **Battery out first.**", "All teeth the same length",
        "Depth gauges", "Chain tension", "Chain brake stops at once")),
    Plan("hedge_trimmer", "sharpening", F.semiannual, "aiko", due=1, steps=(
        "Before the nesting season and before autumn.", "Blades filed", "Resin removed and oiled",
        "Two-hand switch works")),
    Plan("chipper", "safety check", F.quarterly, "samuel", due=-2, steps=(
        "Key out before opening.", "Feed bar stops the rollers", "Knives sharp, bolts at torque", "Hopper whole")),
    Plan("sewing_machine", "lubrication", F.quarterly, "priya", due=31, steps=(
        "Two drops at each red mark, not more.", "Lint out of the hook", "New needle", "Test seam in denim")),
    # --- makerspace
    Plan("table_saw", "safety check", F.weekly, COORDINATOR, due=1, steps=(
        "Every week, before the open evening.", "Emergency stop", "Crown guard and riving knife",
        "Push sticks at hand", "Table free of resin")),
    Plan("table_saw", "calibration", F.semiannual, "tomasz", due=58, steps=(
        "With the dial gauge from drawer 3.", "Blade parallel to the slot within 0.1 mm", "Fence square",
        "90° and 45° stops")),
    Plan("band_saw", "inspection", F.biweekly, "tomasz", due=-1, steps=(
        "Unplug, open both doors.", "Blade tension and tracking", "Tyres clean", "Guides 0.5 mm from the blade")),
    Plan("lathe", "lubrication", F.monthly, "tomasz", due=16, steps=(
        "A thin film is enough.", "Ways wiped and oiled", "Tailstock locks", "Belt without cracks")),
    Plan("dust_collector", "emptying", F.weekly, "aiko", due=3, hour=18, months=12, steps=(
        "Wear a mask; fine dust is a health hazard.", "Bags emptied and tied", "Filter shaken",
        "Blast gates move freely")),
    Plan("dust_collector", "filter change", F.annual, COORDINATOR, due=120, steps=(
        "Filter of class M, two pieces, from the store room.", "Old filters bagged", "Seals renewed",
        "Airflow measured")),
    Plan("laser", "cleaning", F.weekly, COORDINATOR, due=4, months=15, steps=(
        "Lens cloths and alcohol are in the drawer.", "Lens and three mirrors", "Honeycomb bed free of scraps",
        "Exhaust flap opens")),
    Plan("laser", "calibration", F.quarterly, COORDINATOR, due=19, steps=(
        "Tape over the head, one pulse in each corner.", "Beam centred in all four corners", "Focus height",
        "Test card cut and kept")),
    Plan("laser", "filter change", F.monthly, "aiko", interval=2, due=27, steps=(
        "Every second month, or when it smells.", "Pre-filter", "Carbon filter weighed", "Date on the frame")),
    Plan("printer", "cleaning", F.weekly, "aiko", due=6, months=12, steps=(
        "Bed cold, nozzle warm.", "Nozzle wiped", "Bed degreased", "Belts and fans")),
    Plan("cnc", "lubrication", F.monthly, "aiko", due=12, steps=(
        "Grease gun with the blue cap.", "Linear rails", "Ball screws", "Spindle runs quietly for five minutes")),
    Plan("kiln", "inspection", F.semiannual, "priya", due=-5, steps=(
        "Cold, main switch off.", "Elements not sagging", "Door switch cuts the power", "Bricks and thermocouple")),
    Plan("welder", "safety check", F.annual, "tomasz", due=95, steps=(
        "With the insulation tester.", "Cables and clamp", "Gas hose and regulator tight", "Helmets darken")),
    Plan("compressor", "draining", F.custom, "tomasz", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", hour=18, steps=(
        "Drain the vessel under light pressure.", "Water drained", "Safety valve lifts", "Oil level")),
    Plan("compressor", "inspection", F.annual, COORDINATOR, anchor=(2, 29), steps=(
        "Pressure vessel: date of the acceptance, 29 February.", "Vessel without rust", "Gauge agrees at 8 bar",
        "Papers in the folder")),
    Plan("eyewash", "flushing", F.weekly, COORDINATOR, due=-1, hour=8, months=12, steps=(
        "One minute, until the water is clear and lukewarm.", "Both jets equal", "Dust caps back on",
        "First-aid kit complete")),
    # --- mobility
    Plan("cargo_bike", "safety check", F.biweekly, COORDINATOR, due=1, hour=8, steps=(
        "Booked most weekends, so check it before Friday.", "Brakes", "Tyres at 4 bar", "Lights and bell",
        "Box straps")),
    Plan("cargo_bike", "service", F.semiannual, "priya", due=-4, steps=(
        "At the bicycle workshop; the invoice goes to the folder.", "Chain and sprockets", "Brake fluid",
        "Motor software")),
    Plan("kids_bike", "inspection", F.monthly, "priya", due=7, steps=(
        "All six, one after the other.", "Brakes reach small hands", "Saddle and bars tight", "Tyres")),
    Plan("bike_trailer", "inspection", F.semiannual, "priya", due=64, steps=(
        "Ten minutes.", "Hitch and safety strap", "Bearings without play", "Reflectors and flag")),
    Plan("car", "cleaning", F.biweekly, "aiko", due=8, hour=10, steps=(
        "Inside first.", "Vacuumed", "Windows", "Charging cable coiled", "Damage list up to date")),
    Plan("car", "safety check", F.monthly, COORDINATOR, due=-1, steps=(
        "Walk around it once with the list in your hand.", "Tyres 2.6 bar, profile > 3 mm", "Lights",
        "Washer fluid", "Warning triangle and vests")),
    Plan("car", "service", F.once, COORDINATOR, due=18, steps=(
        "Recall: the workshop swaps the charging flap motor, about two hours.", "Bring the second key",
        "Ask for the confirmation")),
    Plan("trailer", "inspection", F.annual, "tomasz", anchor=(4, 12), steps=(
        "Before the inspection authority does it.", "Tyres and spare", "Lights with the tester",
        "Coupling grips", "Floor without rot")),
    Plan("wheelchair", "safety check", F.quarterly, "priya", due=36, steps=(
        "Somebody relies on it.", "Both brakes hold on the ramp", "Footrests lock", "Tyres firm")),
    # --- housing co-op
    Plan("community_room", "cleaning", F.weekly, "aiko", due=5, hour=10, months=12, steps=(
        "After the weekend.", "Floor mopped", "Chairs stacked by ten", "Windows shut, heating down")),
    Plan("community_room", "tuning", F.annual, None, anchor=(10, 5), steps=(
        "The tuner has a key; somebody lets her in.", "Piano tuned", "Humidifier filled")),
    Plan("community_room", "safety check", F.custom, COORDINATOR, rrule="FREQ=MONTHLY;BYDAY=1SA", hour=11, steps=(
        "First Saturday of the month, before the brunch.", "Escape doors open from inside", "Emergency lights",
        "Nothing stands in the corridor")),
    Plan("guest_room", "cleaning", F.monthly, "aiko", due=14, steps=(
        "Thorough cleaning between guests.", "Mattresses turned", "Window frames", "Welcome folder complete")),
    Plan("kitchen", "cleaning", F.daily, "aiko", due=1, hour=8, months=3, steps=(
        "Ten minutes every morning.", "Surfaces and sink", "Bins", "Temperature of the fridge below 7 °C")),
    Plan("kitchen", "filter change", F.quarterly, "priya", due=21, steps=(
        "Grease filters go into the dishwasher.", "Both hoods", "Lamps wiped", "Filters dry before refitting")),
    Plan("kitchen", "safety check", F.custom, COORDINATOR, rrule="FREQ=MONTHLY;BYDAY=-1FR", steps=(
        "Last Friday of the month.", "Gas taps close", "Fire blanket in its place", "Hoses younger than their date")),
    Plan("fridge", "cleaning", F.weekly, "priya", mode=FLOATING, months=15, steps=(
        "A week after the last time, whoever did it.", "Everything out", "Wiped with vinegar",
        "Undated food thrown away")),
    Plan("fridge", "temperature check", F.daily, None, due=1, hour=7, months=2, steps=(
        "A look in passing.", "Below 7 °C", "Door closes", "Nothing spoiled")),
    Plan("coffee", "cleaning", F.monthly, "aiko", mode=FLOATING, interval=2, steps=(
        "Two months after the last descaling.", "Descaled", "Seals of both groups", "Pressure 9 bar")),
    Plan("washing_machine", "cleaning", F.monthly, "priya", due=3, steps=(
        "Hot and empty, 90 °C.", "Pump filter", "Rubber seal wiped", "Drawer")),
    Plan("dryer", "filter change", F.semiannual, "priya", due=49, steps=(
        "Behind the lower flap.", "Condenser rinsed", "Seal whole", "Run of ten minutes")),
    Plan("heating", "inspection", F.weekly, "tomasz", due=2, hour=7, months=18, steps=(
        "In the heating season and outside it.", "Ash box below half", "Pressure 1.5 to 2 bar", "Store of pellets")),
    Plan("heating", "service", F.annual, COORDINATOR, due=155, steps=(
        "By the maker; book six weeks before.", "Burner cleaned", "Flue gas measured", "Report to the folder")),
    Plan("roof", "inspection", F.semiannual, "tomasz", anchor=(4, 30), steps=(
        "Spring and autumn. **Harness on**, never alone.", "Four drains free", "Seams and flashings",
        "Seedlings pulled")),
    Plan("playground", "safety check", F.weekly, "aiko", due=-9, months=9, steps=(
        "With open eyes and bare hands.", "Chains and bolts", "No glass in the sand", "Wood without splinters")),
    Plan("greenhouse", "watering", F.daily, "aiko", due=-70, months=3, hour=7, ended=True, steps=(
        "Only in summer, while the members are away.", "Barrel filled", "Drip lines", "Vents open at 25 °C")),
    Plan("greenhouse", "repair", F.once, "priya", due=-160, ended=True, steps=(
        "Swap the three cracked panes, 60 × 140 cm.", "Panes", "Putty", "Old glass to the collection point")),
    Plan("extinguishers", "inspection", F.monthly, COORDINATOR, due=11, steps=(
        "All fourteen, by the plan at the entrance.", "Seal and pin", "Pressure in the green", "Way to it free")),
    Plan("extinguishers", "service", F.once, "tomasz", due=4, steps=(
        "The company comes at ten; somebody shows the way.", "All fourteen carried to the hall",
        "New badges", "Report to the folder")),
)  # fmt: skip
