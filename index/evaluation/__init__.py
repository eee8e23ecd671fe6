"""``python -m index evaluate DIR``: how well the whole search finds what people judged to be the answer.

::

    judged    the set: corpus, questions, judgments
    metrics   one run of documents beside the judgments: nDCG, recall, reciprocal rank
    run       the library filled with the corpus, every question searched; with a part left out (ablation)
    saved     a run as a file
    compare   two runs question by question: wins, losses, a paired test
    report    all of it as text or JSON
    command   the command line
"""

from index.evaluation.command import main
from index.evaluation.judged import JudgedSet, load
from index.evaluation.metrics import METRICS, ndcg, recall, reciprocal_rank, score
from index.evaluation.run import LIMIT, Filled, Outcome, Run, evaluate, figures, fill, measure
from index.ranking import ABLATIONS, WEIGHTS

__all__ = [
    "ABLATIONS",
    "LIMIT",
    "METRICS",
    "WEIGHTS",
    "Filled",
    "JudgedSet",
    "Outcome",
    "Run",
    "evaluate",
    "figures",
    "fill",
    "load",
    "main",
    "measure",
    "ndcg",
    "recall",
    "reciprocal_rank",
    "score",
]
