"""Addresses of this room, under the city."""

from django.urls import path

from .views import life, queue, reading, word, writing

app_name = "documents"
ONE = "documents/<uuid:document>/"
urlpatterns = [
    path("translations/", queue.queue, name="queue"),
    path("translations/<uuid:text>/<str:language>/", queue.translate, name="translate"),
    path("translations/approvals/<int:translation>/", queue.approve, name="approve"),
    path(ONE, reading.document, name="document"),
    path(f"{ONE}versions/", reading.history, name="history"),
    path(f"{ONE}versions/<int:number>/", reading.version, name="version"),
    path(f"{ONE}versions/<int:number>/review/", life.review, name="review"),
    path(f"{ONE}versions/<int:number>/return/", life.sending_back, name="return"),
    path(f"{ONE}versions/<int:number>/approval/", life.approval, name="approval"),
    path(f"{ONE}versions/<int:number>/<str:language>/<str:kind>/", reading.file, name="file"),
    path(f"{ONE}comparison/", reading.comparison, name="comparison"),
    path(f"{ONE}images/<uuid:revision>/", reading.image, name="image"),
    path(f"{ONE}comments/", life.comments, name="comments"),
    path(f"{ONE}comments/<uuid:comment>/settlement/", life.settlement, name="settlement"),
    path(f"{ONE}drafts/", life.drafts, name="drafts"),
    path(f"{ONE}draft/", writing.draft, name="draft"),
    path(f"{ONE}draft/end/", life.end, name="draft-end"),
    path(f"{ONE}draft/submission/", life.submission, name="submission"),
    path(f"{ONE}draft/word/", word.word, name="word"),
    path(f"{ONE}word/<uuid:word>/", word.word_report, name="word-report"),
    path(f"{ONE}word/<uuid:word>/removal/", word.word_removal, name="word-removal"),
    path(f"{ONE}draft/operations/", writing.operations, name="operations"),
    path(f"{ONE}draft/returns/", writing.returns, name="returns"),
    path(f"{ONE}draft/people/", writing.people, name="people"),
    path(f"{ONE}draft/blocks/", writing.blocks, name="blocks"),
    path(f"{ONE}draft/blocks/<uuid:block>/", writing.block, name="block"),
    path(f"{ONE}draft/blocks/<uuid:block>/hold/", writing.hold, name="hold"),
    path(f"{ONE}draft/blocks/<uuid:block>/move/", writing.move, name="move"),
    path(f"{ONE}draft/blocks/<uuid:block>/removal/", writing.removal, name="removal"),
]
