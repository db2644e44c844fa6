"""Of what random callsigns are made: words that are said and heard plainly by radio, name nobody,
no place, no rank, no faith and no trade, and are none of the spelling alphabet, whose words stand
in for whoever has no callsign. Chosen to differ in their first sound. Pure data."""

from __future__ import annotations

FIRST = (
    "Amber", "Ample", "Azure", "Basic", "Brave", "Brisk", "Calm", "Candid", "Civil", "Clear",
    "Copper", "Coral", "Crisp", "Daring", "Deft", "Early", "Easy", "Even", "Fair", "Fluent",
    "Frank", "Gentle", "Gilded", "Grand", "Handy", "Hazel", "Honest", "Ideal", "Indigo",
    "Ivory", "Jolly", "Keen", "Kindly", "Lasting", "Level", "Light", "Lively", "Lunar", "Major",
    "Maple", "Mellow", "Merry", "Modest", "Nimble", "Noble", "Olive", "Open", "Orange",
    "Patient", "Placid", "Plain", "Polar", "Prompt", "Purple", "Quiet", "Rapid", "Ready",
    "Rustic", "Scarlet", "Silver", "Simple", "Solar", "Solid", "Spare", "Steady", "Sunny",
    "Swift", "Tidy", "Topaz", "Tranquil", "Upper", "Velvet", "Violet", "Vivid", "Warm",
    "Willing", "Windy", "Woolen", "Yellow",
)  # fmt: skip
SECOND = (
    "Acorn", "Anchor", "Apple", "Arrow", "Aspen", "Badger", "Balcony", "Barley", "Basket",
    "Beacon", "Beaver", "Birch", "Bramble", "Bridge", "Button", "Candle", "Canyon", "Carpet",
    "Cedar", "Cherry", "Clover", "Comet", "Cricket", "Crystal", "Daisy", "Dolphin", "Dragonfly",
    "Eagle", "Elm", "Ember", "Falcon", "Feather", "Fern", "Finch", "Flute", "Fountain",
    "Garden", "Ginger", "Glacier", "Granite", "Hammer", "Harbor", "Heron", "Hickory", "Island",
    "Jasmine", "Juniper", "Kettle", "Kingfisher", "Lantern", "Lark", "Laurel", "Lemon",
    "Lizard", "Magnet", "Meadow", "Meteor", "Mirror", "Mountain", "Nettle", "Nutmeg", "Oak",
    "Orchard", "Otter", "Paddle", "Pebble", "Pelican", "Pepper", "Pine", "Planet", "Plover",
    "Pocket", "Prairie", "Quartz", "Rabbit", "Raven", "River", "Robin", "Rowan", "Saddle",
    "Sandal", "Sparrow", "Spruce", "Squirrel", "Summit", "Sunrise", "Swallow", "Tangerine",
    "Thimble", "Thistle", "Thunder", "Trumpet", "Tulip", "Tunnel", "Turtle", "Valley", "Walnut",
    "Warbler", "Willow", "Window", "Winter", "Wren", "Zebra",
)  # fmt: skip
