"""Changes that a panel offers: forms, dry runs, and the lines that do the same."""

from __future__ import annotations

import pytest

from nbregistry.browsing.changes import Change, forms_for, is_refused
from nbregistry.errors import Conflict, NotFound, Refused, RegistryError
from nbregistry.magics.splitting import split
from nbregistry.magics.verbs import VERBS

CHANGES = [
    Change("promote", "tumour@3", {"alias": "champion"}, "better"),
    Change("promote", "tumour@3", {"alias": "challenger"}),
    Change("tag", "tumour@2", {"tags": "team=onco n='12' note=\"two words\""}, "sorted out"),
    Change("describe", "tumour@2", {"text": 'a "quoted" word'}, "said"),
    Change("approve", "tumour@2", {"status": "Rejected"}, "trained on the test rows"),
    Change("archive", "tumour@2", {}, "old"),
]


def verbs(registry, ref):
    return [form.verb for form in forms_for(registry, registry.get(ref))]


def test_the_forms_are_those_that_make_sense_now(story):
    always = ["promote", "rollback", "tag", "describe", "approve"]
    assert verbs(story, "tumour@2") == [*always, "archive"]
    story.archive("tumour@2")
    assert verbs(story, "tumour@2") == [*always, "restore"]
    story.restore("tumour@2")
    story.promote("tumour@2")
    story.rollback("tumour", reason="worse")
    assert verbs(story, "tumour@2") == [*always, "archive", "restore"]


def test_of_what_cannot_be_made_the_dry_run_says_why(story):
    with pytest.raises(Refused, match="in use as champion"):
        Change("archive", "tumour@1").dry_run(story)
    story.register("alone", {"w": 1})
    with pytest.raises(NotFound, match="champion"):
        Change("rollback", "alone@1", {"alias": "champion", "to": ""}).dry_run(story)
    story.archive("tumour@2")
    assert is_refused(Change("promote", "tumour@2").dry_run(story))


@pytest.mark.parametrize(
    ("change", "verb", "given"),
    [
        (Change("approve", "tumour@2", {"status": "Approved"}, "fine"), "approve", {"status": "Rejected"}),
        (Change("approve", "tumour@2", {"status": "PendingManualApproval"}, "so"), "approve", {"status": "Rejected"}),
        (Change("describe", "tumour@2", {"text": "mine"}), "describe", {"text": "theirs"}),
        (Change("tag", "tumour@2", {"tags": "team=mine"}), "tag", {"tags": "team=theirs"}),
        (Change("tag", "tumour@2", {"tags": "team=None"}), "tag", {"tags": "team=theirs"}),
        (Change("archive", "tumour@2"), "archive", {}),
    ],
    ids=["approve", "approve as it is", "describe", "tag", "untag", "archive"],
)
def test_what_a_colleague_changed_meanwhile_stays(story, change, verb, given):
    planned = change.as_shown(change.dry_run(story))
    Change(verb, "tumour@2", given, "a leak").make(story)
    before, events = story.get("tumour@2"), len(story.log())
    with pytest.raises(Conflict, match="meanwhile: nothing was changed"):
        planned.make(story)
    assert (story.get("tumour@2"), len(story.log())) == (before, events)
    again = change.as_shown(change.dry_run(story))
    assert again.make(story).edit.applied


def test_gates_refuse_as_the_dry_run_showed(story):
    story.policy("tumour@champion", "n >= 1000")
    planned = Change("promote", "tumour@2").dry_run(story)
    assert is_refused(planned)
    assert [check.name for check in planned.checks if check.outcome == "failed"] == ["n >= 1000"]
    with pytest.raises(Refused, match="n >= 1000: failed"):
        Change("promote", "tumour@2").make(story)
    assert not is_refused(Change("promote", "tumour@2", {"alias": "challenger"}).dry_run(story))


def test_tags_beside_those_that_are_set_may_change_meanwhile(story):
    change = Change("tag", "tumour@2", {"tags": "team=mine"})
    planned = change.as_shown(change.dry_run(story))
    story.tag("tumour@2", audited=True)
    assert planned.make(story).tags == {"team": "mine", "audited": True}


def test_a_form_begins_with_what_is_there(story):
    story.describe("tumour@1", "the one we know")
    story.promote("tumour@2", "shadow")
    fields = {field.name: field for form in forms_for(story, story.get("tumour@1")) for field in form.fields}
    assert fields["text"].value == "the one we know"
    assert "shadow" in fields["alias"].options


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.verb)
def test_a_change_is_looked_at_and_then_made(story, change):
    events = len(story.log())
    assert "Nothing was changed." in repr(change.dry_run(story))
    assert len(story.log()) == events
    change.make(story)
    event = story.log()[-1]
    assert (len(story.log()), event.verb, event.reason) == (events + 1, change.verb, change.reason)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.verb)
def test_its_line_makes_the_same_change(story, change):
    verb, *tokens = split(change.line().removeprefix("%").removeprefix("nbr ")).tokens
    VERBS[verb].run(story, VERBS[verb].parser().parse(tokens), {})
    event = story.log()[-1]
    assert (event.verb, event.reason) == (change.verb, change.reason)
    assert repr(change.dry_run(story)).count("already") >= 1


def test_a_rollback_goes_where_its_dry_run_said(story):
    story.promote("tumour@2")
    story.promote("tumour@3")
    change = Change("rollback", "tumour@3", {"alias": "champion", "to": ""}, "drift")
    planned = change.dry_run(story)
    assert change.as_shown(planned).line() == "%rollback tumour --to tumour@2 --reason drift"
    assert change.as_shown(planned).make(story).to_ref == "tumour@2"


@pytest.mark.parametrize(
    "change",
    [Change("promote", "tumour@3", {"alias": "champion"}), Change("rollback", "tumour@2", {"alias": "champion"})],
    ids=["promote", "rollback"],
)
def test_an_alias_that_moved_since_the_dry_run_is_left_where_it_is(story, change):
    story.promote("tumour@2")
    planned = change.as_shown(change.dry_run(story))
    story.promote("tumour@3")
    story.promote("tumour@1", reason="a colleague's")
    with pytest.raises(Conflict, match="moved to tumour@1 meanwhile"):
        planned.make(story)
    assert story.get("tumour@champion").version == 1


def test_an_alias_that_came_to_be_since_the_dry_run_is_left_where_it_is(story):
    change = Change("promote", "tumour@3", {"alias": "candidate"})
    planned = change.as_shown(change.dry_run(story))
    story.promote("tumour@2", "candidate")
    with pytest.raises(Conflict):
        planned.make(story)
    assert change.as_shown(change.dry_run(story)).make(story).applied


def test_what_would_be_refused_says_so_in_the_dry_run(story):
    story.approve("tumour@2", "Rejected", reason="no")
    change = Change("promote", "tumour@2", {"alias": "champion"})
    assert is_refused(change.dry_run(story))
    assert not is_refused(Change("promote", "tumour@3", {"alias": "champion"}).dry_run(story))
    with pytest.raises(Refused):
        change.make(story)


@pytest.mark.parametrize("text", ["", "team", '"open'])
def test_tags_that_are_none_are_refused_as_the_magic_refuses_them(story, text):
    with pytest.raises(RegistryError):
        Change("tag", "tumour@2", {"tags": text}).dry_run(story)


def test_there_is_no_other_change():
    with pytest.raises(Refused, match="no change 'delete'"):
        Change("delete", "tumour@2")


def test_what_a_change_does_not_take_is_refused_and_not_left_out():
    with pytest.raises(Refused, match="to promote takes no 'alais'"):
        Change("promote", "tumour@2", {"alais": "challenger"})
    with pytest.raises(Refused, match="to archive takes no 'reason'"):
        Change("archive", "tumour@2", {"reason": "old"})


def test_each_field_of_a_form_is_one_that_its_change_takes(story):
    for form in forms_for(story, story.get("tumour@1")):
        Change(form.verb, "tumour@1", {field.name: "x" for field in form.fields})


def test_a_description_is_not_taken_away_by_leaving_it_out(story):
    story.describe("tumour@1", "the one we know")
    with pytest.raises(Refused, match="no description"):
        Change("describe", "tumour@1").make(story)
