"""The words that questions are made of, and what has to be drawn for each of them."""

from __future__ import annotations

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
    ("to the left of", "above"),
    ("to the right of", "below"),
    ("to the left of", "below"),
    ("to the right of", "above"),
)
"""Relations that cannot both be said of one picture; above and behind, which look alike, never compete."""
PLACEABLE = ("cup", "teapot", "book", "clock", "vase", "box", "apple", "gift", "basket", "bucket", "cat", "hat",
             "handbag", "drum", "suitcase", "boot", "football", "beach ball", "cooking pot")  # fmt: skip

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
    {"cutting something", "repairing and building"},
    {"cutting something", "preparing a hot meal"},
    {"carrying belongings", "cleaning up"},
    {"carrying belongings", "travelling somewhere"},
)
"""Uses that a thing of the other could also serve; they never meet in one question."""

MOODS = ("happy", "sad", "angry", "surprised", "sleepy", "in love")
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
    {"a birthday party", "a picnic"},
    {"a birthday party", "the cooking of a meal"},
    {"a picnic", "the cooking of a meal"},
    {"a picnic", "a camping trip"},
    {"gardening", "a walk in the rain"},
)
"""Events whose parts could pass for parts of the other; they never meet in one question about parts."""

VIEWED = ("car", "house", "chair", "sofa", "bus", "dog")
ANGLES = ("from above", "from the front", "from the side")
DISTANCES = {"close up": True, "from far away": False}
DISTANT = ("tree", "house", "boat", "cat", "car", "balloon", "lighthouse", "snowman")


def name(thing: str) -> str:
    """The thing with its indefinite article."""
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
