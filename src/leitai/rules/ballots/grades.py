"""Grade scales: what a citizen can answer, and which answers are bad verdicts that must be called back.

The national rules for government services name five grades, of which the last two are bad (好差评:
国办发〔2019〕51号; GB/T 39734-2020). A place may ask for two. A scale in use never changes its keys.
"""

from __future__ import annotations

from dataclasses import dataclass

from leitai.rules.kernel import N_, Finding, Text, nearest


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer: its stable key, its name, its value for a mean, and whether it is a bad verdict."""

    key: str
    name: Text
    value: int
    bad: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Grades from best to worst. Raises ValueError unless keys differ and both good and bad can be said."""

    key: str
    name: Text
    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        if len({grade.key for grade in self.grades}) < len(self.grades):
            raise ValueError(f"two grades of {self.key} have the same key")
        if {grade.bad for grade in self.grades} != {True, False}:
            raise ValueError(f"{self.key} needs a grade that is a bad verdict and one that is not")

    def grade(self, key: str) -> Grade:
        """The grade of a key. Raises KeyError."""
        for grade in self.grades:
            if grade.key == key:
                return grade
        raise KeyError(f"{self.key} has no grade {key!r}")

    def read(self, text: str) -> Grade | Finding:
        """The grade that a record means by its key or either name; a Finding `grade-unknown` otherwise."""
        wanted = text.strip().casefold()
        names = {
            name.casefold(): grade
            for grade in self.grades
            for name in (grade.key, grade.name.zh, grade.name.en)
            if name
        }
        if wanted in names:
            return names[wanted]
        known = ", ".join(grade.key for grade in self.grades)
        values: dict[str, object] = {"text": text[:40], "known": known}
        guess = nearest(wanted, names)
        if guess is None:
            return Finding(
                "grade-unknown", N_("“%(text)s” is no grade; the grades are %(known)s"), values=values
            )
        values["guess"] = names[guess].key
        message = N_("“%(text)s” is no grade: perhaps %(guess)s is meant; the grades are %(known)s")
        return Finding("grade-unknown", message, values=values)


NATIONAL_FIVE = Scale(
    "national-five",
    Text(zh="政务服务五级评价", en="Five grades of the national rules"),
    (
        Grade("very-satisfied", Text(zh="非常满意", en="Very satisfied"), 5, False),
        Grade("satisfied", Text(zh="满意", en="Satisfied"), 4, False),
        Grade("fairly-satisfied", Text(zh="基本满意", en="Fairly satisfied"), 3, False),
        Grade("dissatisfied", Text(zh="不满意", en="Dissatisfied"), 2, True),
        Grade("very-dissatisfied", Text(zh="非常不满意", en="Very dissatisfied"), 1, True),
    ),
)

TWO = Scale(
    "two",
    Text(zh="满意与不满意", en="Satisfied or not"),
    (
        Grade("satisfied", Text(zh="满意", en="Satisfied"), 1, False),
        Grade("dissatisfied", Text(zh="不满意", en="Dissatisfied"), 0, True),
    ),
)


def scale_of(grades: str) -> Scale:
    """The scale that a rule-book's `ballots.grades` names. Raises KeyError for a name that it cannot have."""
    return {"five": NATIONAL_FIVE, "two": TWO}[grades]
