"""What people write into a log after the work."""

from random import Random

# By type of work: what was done, in the words of somebody with oil on their hands.
DONE = {
    "battery care": (
        "Both packs charged to three bars, contacts wiped.",
        "Pack 2 was empty; charged and marked with the date.",
        "Chuck runs true, packs at half charge for the shelf.",
        "Charger got warm but not hot. Fine.",
    ),
    "safety check": (
        "Went through the list, nothing to report.",
        "All points checked, sticker renewed.",
        "One bolt was stiff; cleaned and greased, moves freely again.",
        "Checked everything twice, because many people use it this week.",
        "Tried everything that moves and everything that stops it. Swept around it while I was there.",
        "Tightened two screws, otherwise as it should be.",
        "Done together with a new volunteer, who signed the list too.",
        "All in order, signed the sheet.",
    ),
    "lubrication": (
        "Old grease out, new grease in. Runs noticeably quieter.",
        "Oiled at all marks, wiped the surplus.",
        "Moves freely again after five minutes of dry run.",
        "Used the last of the tube; a new one is ordered.",
    ),
    "cleaning": (
        "Cleaned thoroughly, took about half an hour.",
        "Quick one today, it was hardly dirty.",
        "Wiped, vacuumed, tidied. Found a pair of glasses, they are in the lost-and-found box.",
        "All clean. Please empty the bin after use!",
        "Did the corners as well this time.",
        "Clean. Cloths are running low, I put them on the shopping list.",
        "Everything as on the list.",
        "A lot of dust this time, otherwise nothing special.",
    ),
    "inspection": (
        "Looked at every point of the list, all fine.",
        "No change since last time.",
        "All good. Photographed the spot we were worried about: no growth.",
        "Went round with a neighbour, nothing found.",
        "Everything tight and dry.",
        "Checked, cleaned the contact faces, signed the sheet.",
        "Fine. The label was hard to read, printed a new one.",
        "All parts present and in good shape.",
    ),
    "service": (
        "Full service as on the list. Runs like new.",
        "Done by the workshop, invoice is in the folder.",
        "Worn parts changed; the old ones went to the collection point.",
        "Took two hours. Next time bring the long socket.",
    ),
    "testing": (
        "Started at the second pull and ran 15 minutes under load.",
        "Ran the string lights and a heater, no complaint.",
        "First attempt sluggish, second one fine. Topped up the oil.",
        "Fuel was old; drained, filled, runs smoothly.",
    ),
    "flushing": (
        "One minute, water clear at once.",
        "A little rust at first, clear after half a minute.",
        "Both jets equal, caps back on.",
        "Flushed. Refilled plasters and two bandages.",
        "Fine. Water lukewarm as it should be.",
    ),
    "draining": (
        "About a glass of water came out, slightly rusty.",
        "Hardly any water.",
        "Drained; safety valve lifts.",
    ),
    "temperature check": (
        "4 °C, door shut.",
        "5 °C. Threw away an open yoghurt.",
        "Door stood ajar, 9 °C; back to 5 °C after an hour.",
        "3 °C, set it one notch warmer.",
        "5 °C, nothing spoiled.",
        "4 °C. Somebody left a whole tray of plums!",
    ),
    "tuning": (
        "Tuned; the humidifier needed half a litre.",
        "Tuned before the autumn concert. Two felts renewed.",
    ),
    "repair": ("All three panes are in, putty needs a week before painting.",),
    "oil change": (
        "0.6 l of fresh oil, plug gap set.",
        "Oil was very dark; changed it and washed the filter.",
    ),
    "sharpening": (
        "All teeth to the same length, three strokes each.",
        "Sharp again. Depth gauges taken down a little.",
        "Filed, cleaned of resin, oiled.",
        "It had touched soil; took twice as long as usual.",
    ),
    "calibration": (
        "Within tolerance, nothing to adjust.",
        "Was off by 0.2 mm, adjusted and measured again.",
        "Test piece is square; kept it in drawer 3.",
        "Mirror 2 nudged by a hair, all four corners centred.",
    ),
    "emptying": (
        "Two full bags, tied and taken out.",
        "Emptied, filter shaken. Gates move.",
        "Only half full this time.",
        "Done after the course on Tuesday. The bags are nearly used up.",
    ),
    "filter change": (
        "New filters in, date on the frame.",
        "Old filter was almost black. Airflow is back to normal.",
        "Washed, dried overnight and refitted.",
        "Changed; two spares left in the store room.",
    ),
    "watering": (
        "Barrel full, drip lines run.",
        "Hot day: watered twice.",
        "Vents open, tomatoes picked and shared.",
    ),
}

MINOR = (
    "One screw was missing and has been replaced from the box.",
    "Slight play noticed; tightened, please watch it next time.",
    "Seal is getting brittle, a new one is ordered.",
    "Label worn off, reprinted.",
    "Small crack in the cover, taped for now. Not a safety matter.",
    "A little noisier than last time; I oiled it.",
    "Cable tie broken, replaced.",
    "Worn, but good for another round. **Order the spare part.**",
)
MAJOR = (
    "Found damage that is not safe. **Taken out of service** and tagged until the part arrives.",
    "Does not pass the check. Locked away; the office has been told.",
    "Protection no longer works. Unplugged, tagged *do not use*, spare part ordered.",
)
_HOUSEWORK = {
    "cleaning",
    "emptying",
    "draining",
    "flushing",
    "watering",
    "temperature check",
    "tuning",
    "repair",
}

# Repairs between the plans: thing, days ago, who, issues, what happened.
REPAIRS = (
    (
        "cargo_bike",
        21,
        "coordinator",
        "minor",
        "Flat rear tyre on the way back from the market. New tube, tyre is fine.",
    ),
    (
        "washing_machine",
        64,
        "priya",
        "major",
        "Would not drain: a coin in the pump. Removed it, ran an empty wash, dry.",
    ),
    (
        "table_saw",
        118,
        "coordinator",
        "major",
        "Emergency stop stuck. Replaced the switch, tested twenty times.",
    ),
    (
        "heating",
        203,
        "admin",
        "major",
        "Went out on Sunday night. Igniter replaced by the emergency service.",
    ),
    ("playground", 260, "aiko", "minor", "Swing seat torn; mounted the spare one the same afternoon."),
    (
        "printer",
        330,
        "aiko",
        "minor",
        "Nozzle clogged beyond cleaning. New 0.4 mm nozzle, first layer calibrated.",
    ),
    ("car", 415, "coordinator", "minor", "Stone chip in the windscreen, sealed by the workshop."),
    ("guest_room", 520, "ingrid", "none", "Tightened the bed frame and glued the loose shelf."),
    ("mower", 588, "aiko", "minor", "Starter cord snapped. New cord from the hardware shop."),
)


def write(random: Random, work: str) -> tuple[str, str]:
    """Return the issues found and the notes of one completed piece of work."""
    weights = (98, 2, 0) if work in _HOUSEWORK else (86, 12, 2)
    issues = random.choices(("none", "minor", "major"), weights)[0]
    if issues == "major":
        return issues, random.choice(MAJOR)
    done = random.choice(DONE[work])
    return issues, f"{done} {random.choice(MINOR)}" if issues == "minor" else done
