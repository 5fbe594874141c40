"""Addresses of this room, under the city."""

from django.urls import path

from .views import along, devices, files, rating, replying, settling, visits

app_name = "assess"
_VISIT = "assessments/<uuid:visit>/"
_ITEM = _VISIT + "items/<slug:indicator>/"
urlpatterns = [
    path("assessments/", visits.visit_list, name="visits"),
    path("assessments/plan/", visits.plan, name="plan"),
    path("assessments/people/", visits.people, name="people"),
    path(_VISIT, visits.visit_page, name="visit"),
    path(_VISIT + "plan/", visits.replan, name="replan"),
    path(_VISIT + "cancellation/", visits.cancellation, name="cancellation"),
    path(_VISIT + "phase/", visits.phase, name="phase"),
    path(_VISIT + "lock/", visits.lock, name="lock"),
    path(_VISIT + "reopening/", visits.reopening, name="reopening"),
    path(_VISIT + "differences/", settling.differences_page, name="differences"),
    path(_VISIT + "differences/<slug:indicator>/", settling.settlement, name="settlement"),
    path(_VISIT + "reply/", replying.reply_page, name="reply"),
    path(_VISIT + "reply/<uuid:reply>/answer/", replying.team_answer, name="team-answer"),
    path(_VISIT + "reply/<uuid:reply>/signature/", replying.signature, name="signature"),
    path(_VISIT + "along/", along.along, name="along"),
    path(_VISIT + "operations/", devices.operations, name="operations"),
    path(_VISIT + "files/", files.attachments, name="attachments"),
    path(_VISIT + "files/<uuid:attachment>/", files.attachment, name="attachment"),
    path(_ITEM, rating.rate, name="rate"),
    path(_ITEM + "answers/", rating.answers, name="answers"),
    path(_ITEM + "measurements/", rating.measurements, name="measurements"),
    path(_ITEM + "notes/", rating.notes, name="notes"),
    path(_ITEM + "library/", files.from_library, name="library"),
    path(_ITEM + "withdrawals/", rating.withdrawals, name="withdrawals"),
]
