"""Phrases of the simulated models, as data. {v} is the letter, the word or the text; {t} the option's text; {o}, {ot}
the letter and text of an option that is turned down; {m} the words that the prompt wants before its colon.

Every phrase with a verdict holds {v} or {t}; no phrase speaks for an option other than its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping

from mmra_api.types import Kind

# A bare letter or word stands twice or more, as it is what models say most often.
TERSE: Mapping[Kind, tuple[str, ...]] = {
    "choice": ("{v}", "{v}", "{v}.", "({v})", "{v})", "Answer: {v}"),
    "yesno": ("{v}", "{v}", "{v}.", "{v}.", "Answer: {v}"),
    "open": ("{v}", "{v}.", "Answer: {v}"),
}

SENTENCES: Mapping[Kind, tuple[str, ...]] = {
    "choice": (
        "The answer is {v}.",
        "The correct option is {v}.",
        "I would go with {v}.",
        "Option {v} fits the two pictures best.",
        "Judging by both images, the right choice is ({v}).",
        "My answer is {v}, because the pictures have exactly this in common.",
        "It is {v}: {t}.",
        "After looking at both pictures I choose option {v}.",
        "The best match is {v}. {t}.",
        "Having compared the first image with the second, I settle on {v}.",
    ),
    "yesno": (
        "{v}, judging by what both pictures show.",
        "{v}, that is what a comparison of the two images suggests.",
        "The answer is {v}.",
        "{v}. The two pictures make this fairly clear.",
        "My answer is {v}, given what stands in the first and in the second image.",
        "I compared both images, and the answer is {v}.",
        "Looking at the pair, I would say: {v}.",
    ),
    "open": (
        "The answer is {v}.",
        "I would say {v}.",
        "Both pictures point to {v}.",
        "Comparing the two images, it is {v}.",
    ),
}

MARKDOWN: Mapping[Kind, tuple[str, ...]] = {
    "choice": (
        "**{v}. {t}**",
        "**Answer:** {v}",
        "The correct answer is **{v}**.",
        "### Answer\n\n**({v}) {t}**\n\n### Why\n\nBoth pictures agree on this point.",
        "**{v}**\n\n- The first picture supports it.\n- The second picture does too.",
        "- **Image 1:** seen\n- **Image 2:** seen\n\n**Conclusion:** option **{v}**",
        "> **{v}. {t}**\n\nThis follows from a comparison of the two scenes.",
        r"$\boxed{{{v}}}$",
    ),
    "yesno": (
        "**{v}**",
        "**{v}.** Both pictures were compared.",
        "**Answer:** {v}",
        "### Answer\n\n**{v}**\n\n### Why\n\nThis is what the pair shows.",
        "- **Image 1:** seen\n- **Image 2:** seen\n\n**Conclusion:** {v}",
    ),
    "open": ("**{v}**", "**Answer:** {v}", "### Answer\n\n{v}"),
}

RESTATED: Mapping[Kind, tuple[str, ...]] = {
    "choice": ("{v}. {t}", "({v}) {t}", "{v}: {t}", "{v}) {t}", "Option {v}: {t}", "{v} - {t}", '{v} ("{t}")'),
    "yesno": ("{v}, that is the case as asked.", "Answer: {v}.", "{v}, as the question puts it."),
    "open": ("The answer to the question: {v}", "In a word: {v}"),
}
"""For ``yesno`` and ``open`` there is no option to restate: the answer in other clothes."""

TEXT_ONLY: Mapping[Kind, tuple[str, ...]] = {
    "choice": ("{t}", "{t}.", "**{t}**"),
    "yesno": ("{v}", "{v}."),
    "open": ("{v}", "{v}."),
}

OPENINGS = (
    "Let me look at both pictures in turn.",
    "A careful look at the pair is needed here.",
    "I will go through the images one by one.",
    "First I look at each picture, then at what relates them.",
    "A few details matter for this question.",
    "To settle this, I compare the two scenes.",
)

LOOKS = (
    "The first image shows its main subject clearly, with some context around it.",
    "In the second image the subject is seen under different light.",
    "A shared trait stands out once the two are put side by side.",
    "The background differs, which does not bear on the question.",
    "The question is about how the two relate, so what each shows alone is not enough.",
    "Colours and sizes vary between the pictures, yet the point asked about can be made out.",
    "Some parts are small, but they can be told apart.",
    "What the question asks about is visible in either picture.",
)

BLIND_OPENINGS = (
    "I was given words only, so I go by what is likely.",
    "As there is nothing to look at, I weigh how plausible each answer sounds.",
    "A guess is all that can be made here.",
)

BLIND_LOOKS = (
    "Questions of this form are often asked where there is something in common.",
    "The wording gives little away.",
    "What is more common in daily life is more likely.",
    "Nothing here can be checked.",
)

ELIMINATIONS = (
    "Option {o} does not hold: I cannot find this in both pictures.",
    "{ot}: this is not what the pair shows, so {o} can be ruled out.",
    "({o}) would need something that is missing from at least one image.",
    "I can set {o} aside.",
    "{o} sounds plausible at first, but the second picture speaks against it.",
    "{ot} would be unusual, which speaks against ({o}).",
)

VERDICTS: Mapping[Kind, tuple[str, ...]] = {
    "choice": (
        "So the answer is {v}.",
        "Therefore, the correct option is {v}.",
        "That leaves {v}.",
        "My final answer is **{v}**.",
        "**Answer: {v}**",
        "Final answer: {v}",
        "The answer is ({v}) {t}.",
        "In conclusion, {v}. {t} is the best description.",
    ),
    "yesno": (
        "So the answer is {v}.",
        "Therefore: {v}.",
        "My final answer is **{v}**.",
        "**Answer: {v}**",
        "Final answer: {v}",
        "To conclude, {v}.",
    ),
    "open": ("So the answer is {v}.", "**Answer: {v}**", "Final answer: {v}"),
}

MARKED = ("{m}: {v}", "{m}: {v}", "{m}: {v}", "{m}: {v}.", "**{m}: {v}**", "**{m}:** {v}", "{m}: ({v})")
"""The line that the prompt asks for, kept to the letter most of the time."""

MUSINGS = (
    "The user wants me to relate the images.",
    "I should not be misled by the backgrounds.",
    "Let me check the second image again before I decide.",
    "At first glance several answers seem possible.",
    "The relation asked about has to hold for the pair, not for one picture.",
    "I am fairly sure now.",
)

UNDECIDED: Mapping[Kind, tuple[str, ...]] = {
    "choice": (
        "It could be {v} or {o}; the pictures do not settle it.",
        "Both {o} and {v} seem possible to me.",
        "I am torn between {v} and {o}.",
        "This cannot be told from the question alone.",
        "None of this can be told from the pictures with certainty.",
    ),
    "yesno": (
        "That depends on how one reads the second picture.",
        "It may be so or not.",
        "This cannot be told from the pictures with certainty.",
        "Perhaps, perhaps not: the pictures leave it open.",
    ),
    "open": ("That is hard to tell.", "The pictures leave it open."),
}

REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "I'm sorry, I am not able to assist with this request.",
    "I can't answer questions about the people in these pictures.",
    "Sorry, I cannot analyse these images.",
    "I must decline to make a judgement about these images.",
)

BLIND_REFUSALS = (
    "I don't see any images in our conversation. Could you attach them?",
    "No pictures were provided, so I am unable to compare them.",
    "I'm sorry, but I can't see the images that you refer to.",
    "Please share the two images; without them I can't answer this.",
)

WRONG_TEXTS = ("a red umbrella", "the number three", "two ladders", "a quiet harbour", "something made of glass")
"""What a simulated model answers to an open question when it is wrong."""
