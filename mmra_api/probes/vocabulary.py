"""The words that questions are made of, and what has to be drawn for each of them."""

from __future__ import annotations

# Of two opposites exactly one holds, so the other shows that a relation does not.
OPPOSITE = {
    "to the left of": "to the right of",
    "to the right of": "to the left of",
    "above": "below",
    "below": "above",
    "in front of": "behind",
    "behind": "in front of",
}
RIVAL_RELATIONS = (
    ("to the left of", "to the right of"),
    ("above", "below"),
    ("in front of", "behind"),
    # Left and above can be told apart: one pair stands on a table, the other on two shelves.
    ("to the left of", "above"),
    ("to the right of", "below"),
    ("to the left of", "below"),
    ("to the right of", "above"),
)
"""Relations that cannot both be said of one picture; above and behind, which look alike, never compete."""
PLACEABLE = ("cup", "teapot", "book", "clock", "vase", "box", "apple", "gift", "basket", "bucket", "cat", "hat",
             "handbag", "drum", "suitcase", "boot", "football", "beach ball", "cooking pot")  # fmt: skip

# Three things a use: a question shows a use in both images, each time by another thing.
USES: dict[str, tuple[str, ...]] = {
    "cutting something": ("pair of scissors", "knife", "saw"),
    "lighting up the dark": ("lamp", "candle", "torch"),
    "telling the time": ("clock", "wristwatch", "hourglass"),
    "sitting down": ("chair", "stool", "sofa"),
    "having a drink": ("cup", "drinking glass", "bottle"),
    "writing or drawing": ("pencil", "fountain pen", "crayon"),
    "making music": ("guitar", "drum", "trumpet"),
    "travelling somewhere": ("car", "bicycle", "sailing boat"),
    "cleaning up": ("broom", "bucket", "sponge"),
    "repairing and building": ("hammer", "wrench", "screwdriver"),
    "preparing a hot meal": ("cooking pot", "frying pan", "wooden spoon"),
    "carrying belongings": ("handbag", "basket", "suitcase"),
    "playing a ball game": ("football", "tennis racket", "beach ball"),
}
CLASHING_USES = (
    # A saw cuts and builds.
    {"cutting something", "repairing and building"},
    # A knife cuts and helps to cook.
    {"cutting something", "preparing a hot meal"},
    # A bucket carries things too.
    {"carrying belongings", "cleaning up"},
    # A suitcase goes on a journey, a car carries things.
    {"carrying belongings", "travelling somewhere"},
)
"""Uses that a thing of the other could also serve; they never meet in one question."""

MOODS = ("happy", "sad", "angry", "surprised", "sleepy", "in love")
# Three things a material, for the same reason as above.
MATERIALS: dict[str, tuple[str, ...]] = {
    "wood": ("crate", "table", "barrel"),
    "metal": ("tin", "kettle", "gear"),
    "glass": ("jar", "goblet", "flask"),
    "fabric": ("jumper", "sock", "woolly hat"),
    "stone": ("rock", "cairn", "column"),
    "paper": ("newspaper", "paper dart", "paper boat"),
    "clay": ("flower pot", "amphora", "bowl"),
}

KINDS = ("T-shirt", "kite", "mug", "umbrella", "bauble", "cushion", "butterfly", "jug")
# Fewer than `HUES` of the palette: orange, pink and teal lie too near to others to be named for certain.
COLORS = ("red", "yellow", "green", "blue", "purple")
PATTERNS = ("stripes", "dots", "checks", "zigzag")

ENTITIES = ("apple", "balloon", "bicycle", "bird", "boot", "bucket", "candle", "car", "cat", "dog", "fish", "guitar",
            "hammer", "hat", "key", "lamp", "teapot", "tree", "umbrella", "pair of scissors", "book", "chair", "drum",
            "gift")  # fmt: skip

OUTDOORS = {
    "by the sea": "beach",
    "in a forest": "forest",
    "in a city street": "street",
    "in the mountains": "mountains",
    "on a farm": "farm",
}
CONDITIONS = {
    "at night": "night",
    "in the rain": "rain",
    "in falling snow": "snow",
    "at sunset": "sunset",
    "in bright sunshine": "sun",
}
INDOORS = {
    "in a kitchen": "kitchen",
    "in a bedroom": "bedroom",
    "in a bathroom": "bathroom",
    "in a living room": "living room",
}

FORMATIONS = {
    "a row": "row",
    "a column": "column",
    "a circle": "circle",
    "a square grid": "grid",
    "a triangle": "triangle",
    "a diagonal line": "diagonal",
    "a loose scatter": "scatter",
}
SMALL = ("cookie", "button", "leaf", "shell", "flower", "pebble", "star", "marble")

EVENTS: dict[str, tuple[str, ...]] = {
    "a birthday party": ("cake", "gift", "balloons"),
    "a picnic": ("hamper", "sandwich", "drinks"),
    "a football match": ("goal", "whistle", "boot"),
    "a camping trip": ("fire", "lantern", "tent"),
    "the cooking of a meal": ("pot", "chopping", "frying"),
    "winter fun in the snow": ("snowman", "sledge", "mittens"),
    "gardening": ("watering", "seedling", "spade"),
    "a walk in the rain": ("umbrella", "puddle", "coat"),
}
"""Each event and its parts."""
AKIN_EVENTS = (
    # Both have food, drinks and a laid cloth.
    {"a birthday party", "a picnic"},
    # A cake is made in a kitchen.
    {"a birthday party", "the cooking of a meal"},
    # A sandwich is a meal that somebody made.
    {"a picnic", "the cooking of a meal"},
    # Campers eat in the open as well.
    {"a picnic", "a camping trip"},
    # Boots, coat and wet ground go with both.
    {"gardening", "a walk in the rain"},
)
"""Events whose parts could pass for parts of the other; they never meet in one question about parts."""

# Things that look different from each of the three sides, and that `views` draws from all of them.
VIEWED = ("car", "house", "chair", "sofa", "bus", "dog")
ANGLES = ("from above", "from the front", "from the side")
# True is near: the field of the scene.
DISTANCES = {"close up": True, "from far away": False}
DISTANT = ("tree", "house", "boat", "cat", "car", "balloon", "lighthouse", "snowman")


def name(thing: str) -> str:
    """The thing with its indefinite article."""
    # The first letter is enough for ENTITIES, which have no "hourglass" or "unicycle".
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
