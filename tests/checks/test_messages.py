"""The translations' check: what it reads, and every fault it must find."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from tools import literals, messages

PAGE = """{% load i18n %}<h1 title="{% translate 'Title' %}">{% translate "It's" %}</h1>
  {% blocktranslate count n=rows|length with name=x.name trimmed %}
     One row of {{ name }}
  {% plural %}
     {{ n }} rows of {{ name }}
  {% endblocktranslate %}
   {% translate "May" context "month" %}　{{ _("Inside")|upper }}
"""
CODE = '''"""Words."""
from django.utils.translation import gettext as _
from leitai.rules.kernel import N_

HELLO = _("Hello, %(name)s")
LONG = N_("two parts "
          "of one")
'''
TRANSLATIONS = {
    "Title": "标题",
    "It's": "这是",
    "One row of %(name)s": "%(name)s有%(n)s行",
    "May": "五月",
    "Inside": "里面",
    "Hello, %(name)s": "%(name)s，你好",
    "two parts of one": "一句两段",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree with all its translations."""
    page = tmp_path / "src/leitai/web/templates/web/page.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "src/leitai/words.py").write_text(CODE, encoding="utf-8")
    messages.sync(tmp_path, prune=False)
    catalogue = messages.load(tmp_path)
    for (_context, source), message in messages.by_key(catalogue).items():
        chinese = TRANSLATIONS[source]
        message.string = chinese if isinstance(message.id, str) else (chinese,)
    with messages.path_of(tmp_path).open("wb") as file:
        write_po(file, catalogue, width=0)
    return tmp_path


def change(tree: Path, old: str, new: str) -> list[str]:
    """The faults after one change to the catalogue."""
    path = messages.path_of(tree)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return messages.faults(tree)


def test_messages_are_read_from_code_and_pages_with_their_lines(tree: Path) -> None:
    found = {
        (f.file.rsplit("/", 1)[-1], f.line, f.context, f.singular, f.plural) for f in messages.extract(tree)
    }
    assert ("words.py", 5, "", "Hello, %(name)s", "") in found
    assert ("words.py", 6, "", "two parts of one", "") in found
    assert ("page.html", 1, "", "It's", "") in found
    assert ("page.html", 2, "", "One row of %(name)s", "%(n)s rows of %(name)s") in found
    assert ("page.html", 7, "month", "May", "") in found
    assert ("page.html", 7, "", "Inside", "") in found


def test_a_complete_catalogue_has_no_fault(tree: Path) -> None:
    assert messages.faults(tree) == []


def test_a_tree_without_words_has_no_fault(tmp_path: Path) -> None:
    assert messages.faults(tmp_path) == []


def test_a_new_message_is_missed(tree: Path) -> None:
    with (tree / "src/leitai/words.py").open("a", encoding="utf-8") as file:
        file.write('NEW = _("Brand new")\n')
    assert messages.faults(tree) == ["src/leitai/words.py:8: 'Brand new': not in the catalogue"]
    assert messages.sync(tree, prune=False) == (1, 0)
    assert messages.faults(tree) == ["src/leitai/words.py:8: 'Brand new': not translated"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('msgstr "标题"', 'msgstr ""', "'Title': not translated"),
        ('msgid "Title"', '#, fuzzy\nmsgid "Title"', "'Title': marked fuzzy"),
        ("%(name)s，你好", "%(nane)s，你好", "places ['name'] became ['nane']"),
        ("%(name)s有%(n)s行", "%(name)s有行", "places ['n', 'name'] became ['name']"),
        ('msgid "Title"', 'msgid "Old title"', "'Old title': no longer in the source"),
        ('msgid "Title"\nmsgstr "标题"', '#~ msgid "Title"\n#~ msgstr "标题"', "'Title': commented out"),
    ],
)
def test_a_fault_in_the_catalogue_is_found(tree: Path, old: str, new: str, says: str) -> None:
    assert says in "\n".join(change(tree, old, new))


def test_sync_keeps_translations_and_drops_on_request(tree: Path) -> None:
    (tree / "src/leitai/words.py").write_text('"""None left."""\n', encoding="utf-8")
    assert messages.sync(tree, prune=False) == (0, 2)
    assert "你好" in messages.path_of(tree).read_text(encoding="utf-8")
    assert messages.sync(tree, prune=True) == (0, 2)
    assert "你好" not in messages.path_of(tree).read_text(encoding="utf-8")
    assert messages.faults(tree) == []


def test_compiling_happens_once(tree: Path) -> None:
    assert messages.compiled(tree)
    assert not messages.compiled(tree)
    assert messages.path_of(tree).with_suffix(".mo").read_bytes()[:4] in (
        b"\xde\x12\x04\x95",
        b"\x95\x04\x12\xde",
    )


@pytest.mark.parametrize(
    "page",
    [
        "<p>Plain words</p>",
        "<p>{{ name }}：未译</p>",
        '<input placeholder="Type here">',
        '<button aria-label="Close"></button>',
        '<input type="submit" value="Send">',
        "{% if a %}<p>Words{% endif %}</p>",
    ],
)
def test_words_past_the_catalogue_are_found(page: str) -> None:
    assert literals.literals(f"\n{page}", "page.html")[0].startswith("page.html:2: ")


@pytest.mark.parametrize(
    "page",
    [
        '<p class="some words">{% translate "Words" %} · 3 %</p>',
        "{% comment %}Words{% endcomment %}{# Words #}<!-- Words --><script>let words = 1</script>",
        '<b translate="no">Some Name <i>and more</i></b> Leitai 擂台 &nbsp;',
        "{% blocktranslate with a=b %}Words <b>{{ a }}</b>{% endblocktranslate %}",
    ],
)
def test_what_needs_no_translation_is_left_alone(page: str) -> None:
    assert literals.literals(page, "page.html") == []
