"""What the demo community shares."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What kind of thing it is; its photos are drawn accordingly."""

    hand_tool = "hand tool"
    machine = "machine"
    garden = "garden"
    bicycle = "bicycle"
    vehicle = "vehicle"
    room = "room"
    kitchen = "kitchen"
    laundry = "laundry"
    building = "building"
    safety = "safety"


@dataclass(frozen=True, slots=True)
class Thing:
    """A shared thing; `model` is empty for rooms and the like, which have no serial number either."""

    key: str
    name: str
    owner: str
    category: Category
    location: str
    year: int
    model: str
    description: str


_C = Category
THINGS = (
    # --- tool library
    Thing("drill", "Cordless drill", "member", _C.hand_tool, "Tool library, shelf A2", 2022, "Nordwerk AD-18",
          "18 V drill with two batteries, charger and a box of bits. Lent for up to a week."),
    Thing("rotary_hammer", "Rotary hammer", "yusuf", _C.hand_tool, "Tool library, shelf A3", 2020, "Ridgeline RH 26",
          "For concrete and old brick. Comes with SDS bits, ear protection and a dust cup."),
    Thing("circular_saw", "Circular saw", "mateus", _C.hand_tool, "Tool library, shelf A4", 2021, "Nordwerk CS-165",
          "165 mm saw with guide rail. Only for borrowers who took the introduction."),
    Thing("sander", "Belt sander", "leila", _C.hand_tool, "Tool library, shelf B1", 2019, "Brightwell B75",
          "Takes 75 × 533 mm belts; bring back the dust bag empty."),
    Thing("router", "Plunge router", "rafael", _C.hand_tool, "Tool library, shelf B2", 2021, "Takeda R12",
          "With a set of twelve cutters in a wooden case."),
    Thing("tile_cutter", "Tile cutter", "wanjiru", _C.hand_tool, "Tool library, floor rack", 2018, "Ridgeline TC 900",
          "Cuts tiles up to 90 cm. Heavy: carry it with two people."),
    Thing("ladder", "Extension ladder, 8 m", "member", _C.safety, "Tool library, wall hooks", 2017, "Altus EL-8",
          "Aluminium, two parts. May be used only with a valid inspection sticker."),
    Thing("scaffold", "Rolling scaffold", "ingrid", _C.safety, "Yard, covered rack", 2016, "Altus RS-4",
          "Working height 5.6 m. The platform, the braces and the wheels are counted at every return."),
    Thing("washer", "Pressure washer", "chloe", _C.machine, "Tool library, floor rack", 2020, "Brightwell PW 140",
          "Cold water, 140 bar, with a patio brush."),
    Thing("generator", "Portable generator", "hoa", _C.machine, "Yard, fuel cabinet", 2019, "Nordwerk G2200i",
          "2.2 kW inverter generator for markets and street parties."),
    Thing("mower", "Lawn mower", "member", _C.garden, "Garden shed", 2021, "Greenfield M46",
          "Petrol mower, 46 cm. Return it with a full tank and clean deck."),
    Thing("chainsaw", "Electric chainsaw", "rafael", _C.garden, "Tool library, locked cabinet", 2022, "Greenfield C35",
          "Lent only with helmet, visor and protective trousers."),
    Thing("hedge_trimmer", "Hedge trimmer", "siobhan", _C.garden, "Garden shed", 2020, "Greenfield H60",
          "60 cm blades, with 25 m of extension cable."),
    Thing("chipper", "Garden chipper", "mateus", _C.garden, "Yard, covered rack", 2018, "Greenfield X40",
          "Chips branches up to 40 mm. Two people, one of them trained."),
    Thing("sewing_machine", "Sewing machine", "leila", _C.machine, "Tool library, shelf C1", 2015, "Takeda S90",
          "Handles denim and canvas. Spare needles are in the lid."),
    # --- makerspace
    Thing("table_saw", "Table saw", "ingrid", _C.machine, "Makerspace, wood shop", 2018, "Hartmann TS 315",
          "315 mm cabinet saw with sliding table. Introduction required."),
    Thing("band_saw", "Band saw", "ingrid", _C.machine, "Makerspace, wood shop", 2019, "Hartmann BS 400",
          "400 mm throat, for curves and resawing."),
    Thing("lathe", "Wood lathe", "yusuf", _C.machine, "Makerspace, wood shop", 2014, "Hartmann WL 1000",
          "One metre between centres, with a chuck and a set of gouges."),
    Thing("dust_collector", "Dust collector", "ingrid", _C.machine, "Makerspace, wood shop", 2018, "Brightwell DC 3",
          "Serves table saw, band saw and lathe over the blast gates."),
    Thing("laser", "Laser cutter", "admin", _C.machine, "Makerspace, digital lab", 2021, "Lumen L90",
          "90 W CO₂ laser, 900 × 600 mm bed. Never leave it alone while it cuts."),
    Thing("printer", "3D printer «Heron»", "hoa", _C.machine, "Makerspace, digital lab", 2022, "Lumen P3",
          "Direct drive printer with a heated bed, 250 mm cubed."),
    Thing("cnc", "CNC router", "admin", _C.machine, "Makerspace, digital lab", 2020, "Lumen C60",
          "For wood and plastics up to 600 × 900 mm."),
    Thing("kiln", "Pottery kiln", "wanjiru", _C.machine, "Makerspace, pottery corner", 2012, "Brightwell K120",
          "120 litres, up to 1,280 °C. Firing plan on the door."),
    Thing("welder", "MIG welder", "rafael", _C.machine, "Makerspace, metal bay", 2017, "Ridgeline MW 200",
          "200 A, with shielding gas and two helmets."),
    Thing("compressor", "Air compressor", "ingrid", _C.machine, "Makerspace, metal bay", 2016, "Ridgeline AC 90",
          "90 litre vessel, 10 bar. Feeds the hose reels of all three rooms."),
    Thing("eyewash", "Eyewash station and first-aid kit", "admin", _C.safety, "Makerspace, entrance", 2018, "",
          "Beside the main switch. The kit is refilled after every use."),
    # --- mobility
    Thing("cargo_bike", "Electric cargo bike", "member", _C.bicycle, "Bike garage, bay 1", 2022, "Velomo Carry E",
          "Box for 80 kg or two children. Booked most weekends."),
    Thing("kids_bike", "Children's bike pool (6)", "chloe", _C.bicycle, "Bike garage, rack", 2019, "",
          "Six bikes from 16 to 24 inches, handed on as the children grow."),
    Thing("bike_trailer", "Bike trailer", "siobhan", _C.bicycle, "Bike garage, bay 2", 2020, "Velomo T40",
          "40 kg, folds flat, fits every axle with the spare hitch."),
    Thing("car", "Shared electric car", "admin", _C.vehicle, "Charging point, north side", 2021, "Volta City 40",
          "Five seats, about 280 km. Plug it in after every trip."),
    Thing("trailer", "Car trailer, 750 kg", "yusuf", _C.vehicle, "Yard, space 4", 2015, "Altus T750",
          "With a tarpaulin, net and a 13-pin adapter."),
    Thing("wheelchair", "Loan wheelchair", "siobhan", _C.vehicle, "Entrance hall", 2019, "Altus W1",
          "For guests and for those who come home on crutches."),
    # --- housing co-op
    Thing("community_room", "Community room", "admin", _C.room, "House 2, ground floor", 2009, "",
          "Seats 60, with stage lights, chairs and a piano."),
    Thing("guest_room", "Guest room", "hoa", _C.room, "House 1, third floor", 2009, "",
          "Two beds and a cot. Linen is washed by the guests."),
    Thing("kitchen", "Shared kitchen", "member", _C.kitchen, "House 2, ground floor", 2009, "",
          "Six burners, two ovens and everything for dinners of 40."),
    Thing("fridge", "Food-sharing fridge", "leila", _C.kitchen, "House 2, passage", 2018, "Brightwell F300",
          "Open day and night; what is in it is free to take."),
    Thing("coffee", "Espresso machine", "mateus", _C.kitchen, "House 2, bar", 2017, "Torino Due",
          "Two groups, for events with more than twenty people."),
    Thing("washing_machine", "Washing machine 1", "wanjiru", _C.laundry, "House 1, basement", 2019, "Brightwell L9",
          "9 kg, booked in slots of two hours."),
    Thing("dryer", "Heat-pump dryer", "wanjiru", _C.laundry, "House 1, basement", 2020, "Brightwell D8",
          "8 kg. Clean the lint filter after every load."),
    Thing("heating", "Pellet heating", "ingrid", _C.building, "House 1, boiler room", 2013, "Hartmann P60",
          "60 kW, heats both houses and the hot water."),
    Thing("roof", "Green roof and gutters", "ingrid", _C.building, "House 2, roof", 2009, "",
          "420 m² of sedum with four drains. Harness points along the ridge."),
    Thing("playground", "Playground", "chloe", _C.garden, "Courtyard", 2014, "",
          "Swing, slide, climbing frame and the sand pit."),
    Thing("greenhouse", "Greenhouse", "member", _C.garden, "Courtyard, south side", 2016, "",
          "24 m², with drip irrigation and a rain barrel."),
    Thing("extinguishers", "Fire extinguishers (14)", "admin", _C.safety, "Both houses and makerspace", 2020, "",
          "Numbered 1 to 14; the plan hangs beside the main entrance."),
)  # fmt: skip
