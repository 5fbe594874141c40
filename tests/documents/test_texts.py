"""User texts: the original is kept, a translation counts only approved and only for the wording it was made from."""

import pytest
from django.urls import reverse

from beiji.documents import access, changes
from tests.cast import NOW, PASSWORD
from tests.filled import filled


@pytest.fixture
def finding(yangzhou):
    return changes.write_text(
        city=yangzhou.city,
        kind="finding",
        language="he",
        body="הצוות לא הוזעק בלילה.",
        by=yangzhou.people["lead"],
        now=NOW,
    )


def proposed(finding, by, body="夜间未能召回人员。"):
    source = access.versions_of(finding)[-1]
    return changes.propose_translation(
        text=finding, language="zh-Hans", body=body, source_hash=source.hash, by=by, now=NOW
    )


def words(finding, language):
    fresh = access.texts([finding.pk])[finding.pk]
    return access.words_of(fresh, language)


def test_without_an_approved_translation_the_reader_gets_the_marked_original(yangzhou, finding):
    proposed(finding, yangzhou.people["translator"])
    assert words(finding, "zh-Hans") == access.Words("הצוות לא הוזעק בלילה.", "he", untranslated=True)
    assert words(finding, "he").untranslated is False


def test_an_approved_translation_is_what_the_reader_gets(yangzhou, finding):
    translation = proposed(finding, yangzhou.people["translator"])
    changes.approve_translation(translation=translation, by=yangzhou.people["manager"], now=NOW)
    assert words(finding, "zh-Hans") == access.Words("夜间未能召回人员。", "zh-Hans", untranslated=False)


def test_a_changed_original_makes_the_translation_lapse(yangzhou, finding):
    translation = proposed(finding, yangzhou.people["translator"])
    changes.approve_translation(translation=translation, by=yangzhou.people["manager"], now=NOW)
    changes.edit_text(text=finding, language="he", body="הצוות הוזעק באיחור.", by=yangzhou.people["lead"], now=NOW)
    assert words(finding, "zh-Hans").body == "הצוות הוזעק באיחור."
    with pytest.raises(changes.TextError, match=r"must be translated anew|approved already"):
        changes.approve_translation(translation=translation, by=yangzhou.people["manager"], now=NOW)


def test_nobody_approves_his_own_translation(yangzhou, finding):
    translation = proposed(finding, yangzhou.people["translator"])
    with pytest.raises(changes.TextError, match="cannot approve"):
        changes.approve_translation(translation=translation, by=yangzhou.people["translator"], now=NOW)


def test_a_translation_of_an_older_wording_is_refused(yangzhou, finding):
    old = access.versions_of(finding)[-1].hash
    changes.edit_text(text=finding, language="he", body="אחרת", by=yangzhou.people["lead"], now=NOW)
    with pytest.raises(changes.TextError, match="changed since"):
        changes.propose_translation(
            text=finding, language="en", body="x", source_hash=old, by=yangzhou.people["translator"], now=NOW
        )


@pytest.mark.parametrize(("language", "body"), [("fr", "bonjour"), ("en", "   "), ("en", "x" * 5000)])
def test_bad_input_is_one_sentence(yangzhou, language, body):
    with pytest.raises(changes.TextError):
        changes.write_text(
            city=yangzhou.city, kind="note", language=language, body=body, by=yangzhou.people["lead"], now=NOW
        )


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_database_the_same_number_of_times_for_any_length(
    client, world, count, django_assert_max_num_queries
):
    from django_scopes import scope

    with scope(city="yangzhou"):
        for number in range(count):
            changes.write_text(
                city=world.city, kind="note", language="en", body=f"note {number}", by=world.people["lead"], now=NOW
            )
    client.login(username="sun-yue", password=PASSWORD)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("documents:queue", kwargs={"city": "yangzhou"}))
    assert page.content.decode().count("note ") >= count


def test_the_queue_is_hidden_from_a_hospital(client, world):
    client.login(username="zhao-min", password=PASSWORD)
    assert client.get(reverse("documents:queue", kwargs={"city": "yangzhou"})).status_code == 404


def test_a_text_is_not_translated_into_its_own_language(client, world, finding, page):
    assert client.get(page).status_code == 200
    assert client.get(page.replace("/en/", "/he/")).status_code == 404, "it was written in Hebrew"


def test_the_queue_counts_itself_as_it_lists_itself(yangzhou, finding):
    approver, translator = yangzhou.people["manager"], yangzhou.people["translator"]
    assert access.queue_length(translator) == len(access.queue_for(translator)) == 2
    changes.approve_translation(translation=proposed(finding, translator), by=approver, now=NOW)
    assert access.queue_length(translator) == len(access.queue_for(translator)) == 1
    changes.edit_text(text=finding, language="he", body="הצוות הוזעק באיחור.", by=yangzhou.people["lead"], now=NOW)
    assert access.queue_length(translator) == len(access.queue_for(translator)) == 2
    assert access.queue_length(yangzhou.people["coordinator"]) == 0


@pytest.fixture
def page(client, world, finding):
    """The page on which Sun Yue translates the finding into English."""
    client.login(username="sun-yue", password=PASSWORD)
    return reverse("documents:translate", kwargs={"city": "yangzhou", "text": finding.pk, "language": "en"})


def test_a_translator_whose_original_changed_sees_both_and_keeps_his_text(client, world, finding, page):
    typed = filled(client.get(page), "source_hash") | {"body": "The team was not called at night."}
    changes.edit_text(text=finding, language="he", body="הצוות הוזעק באיחור.", by=world.people["lead"], now=NOW)
    answer = client.post(page, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    for shown in (
        "הצוות לא הוזעק בלילה.",
        "הצוות הוזעק באיחור.",
        "The team was not called at night.",
        "Original, Hebrew",
    ):
        assert shown in text, shown
    again = filled(answer, "source_hash") | {"body": "The team was called late."}
    assert client.post(page, again).status_code == 302, "the page that came back answers to the newest wording"


def test_a_second_translator_does_not_replace_the_first_unseen(client, world, finding, page):
    mine = filled(client.get(page), "source_hash") | {"body": "Nobody called the team."}
    source = access.versions_of(finding)[-1]
    changes.propose_translation(
        text=finding,
        language="en",
        body="No call at night.",
        source_hash=source.hash,
        by=world.people["manager"],
        now=NOW,
    )
    answer = client.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else proposed a translation" in text
    assert "No call at night." in text
    assert "Nobody called the team." in text
    assert client.post(page, filled(answer, "source_hash")).status_code == 302, "kept after both were seen"


def same_words(world, finding):
    return changes.write_text(
        city=world.city,
        kind="note",
        language="he",
        body=access.versions_of(finding)[-1].body,
        by=world.people["lead"],
        now=NOW,
    )


def test_the_same_sentence_waits_once_and_one_approval_serves_every_place(yangzhou, finding):
    approver, translator = yangzhou.people["manager"], yangzhou.people["translator"]
    twin = same_words(yangzhou, finding)
    assert access.queue_length(translator) == len(access.queue_for(translator)) == 2
    translation = proposed(twin, translator)
    assert access.proposal_of(finding, "zh-Hans") == translation, "seen from either place"
    assert changes.approve_translation(translation=translation, by=approver, now=NOW) == 2
    for text in (finding, twin):
        assert words(text, "zh-Hans").body == "夜间未能召回人员。"
    assert access.queue_length(translator) == len(access.queue_for(translator)) == 1


def test_what_was_translated_before_is_not_translated_again(yangzhou, finding):
    translator = yangzhou.people["translator"]
    changes.approve_translation(translation=proposed(finding, translator), by=yangzhou.people["manager"], now=NOW)
    assert words(same_words(yangzhou, finding), "zh-Hans").body == "夜间未能召回人员。"
    assert access.queue_length(translator) == 1, "only English still waits, for both"


def test_a_better_translation_replaces_the_old_one_at_every_place(yangzhou, finding):
    approver, translator = yangzhou.people["manager"], yangzhou.people["translator"]
    twin = same_words(yangzhou, finding)
    changes.approve_translation(translation=proposed(finding, translator), by=approver, now=NOW)
    better = proposed(twin, translator, "夜间无人召回。")
    assert changes.approve_translation(translation=better, by=approver, now=NOW) == 2
    assert words(finding, "zh-Hans").body == words(twin, "zh-Hans").body == "夜间无人召回。"
    with pytest.raises(changes.TextError, match="approved already"):
        changes.approve_translation(translation=better, by=approver, now=NOW)
