"""Sparse logistic models fitted on named marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression


def fitted(
    rows: Sequence[Mapping[str, float]], right: Sequence[bool], strength: float, least: float
) -> tuple[float, dict[str, float]]:
    """Fit a model: its bias, and the weights that are at least so large, rounded to what tells anything."""
    columns = DictVectorizer()
    table = columns.fit_transform([dict(sorted(row.items())) for row in rows])
    # The solver takes no wider indices.
    table.indices, table.indptr = table.indices.astype(np.int32), table.indptr.astype(np.int32)
    model = LogisticRegression(C=strength, max_iter=400, tol=1e-5, solver="liblinear", random_state=1)
    model.fit(table, np.array(right))
    weights = {mark: round(float(model.coef_[0][at]), 2) for mark, at in columns.vocabulary_.items()}
    kept = {mark: weight for mark, weight in weights.items() if abs(weight) >= least}
    return round(float(model.intercept_[0]), 3), kept
