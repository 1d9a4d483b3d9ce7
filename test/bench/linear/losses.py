"""
One turn of a peer in the benchmark of linear losses (argument: JSON): `data` writes features and labels, `fit` fits, `excess` says how
far each contender's objective is above the least.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import json
import resource
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
work = json.loads(sys.argv[1])
folder = work["folder"]


def write_data():
    rng = np.random.default_rng(0)
    n, d, t = work["rows"], work["features"], work["tasks"]
    x = rng.standard_normal((n, d))
    x += 0.5 * rng.standard_normal((n, 1))
    x = (x - x.mean(0)) / x.std(0)
    z = x @ (rng.standard_normal((d, t)) * (rng.random((d, t)) < 0.3)) / 3
    noisy = z + rng.standard_normal(z.shape)
    heavy = z + rng.standard_t(2, z.shape)
    labels = {
        "logistic": (noisy > 0).astype(float),
        "softmax": sum((noisy[:, :1] > cut).astype(float) for cut in (-0.7, 0, 0.7)),
        "poisson": rng.poisson(np.exp(z / 2)).astype(float),
        "huber": (heavy - heavy.mean(0)) / heavy.std(0),
    }
    np.ascontiguousarray(x.T).tofile(f"{folder}/X")
    for loss, y in labels.items():
        np.ascontiguousarray(y.T).tofile(f"{folder}/{loss}")


def read():
    x = np.fromfile(f"{folder}/X").reshape(work["features"], -1).T
    y = np.fromfile(f"{folder}/{work['loss']}").reshape(-1, x.shape[0]).T
    return np.ascontiguousarray(x), y


def model(alpha, n):
    from sklearn.linear_model import HuberRegressor, LogisticRegression, PoissonRegressor

    peer = work["peer"]
    if work["loss"] == "poisson":
        return PoissonRegressor(alpha=alpha, solver=peer, tol=1e-5, max_iter=1000, warm_start=True)
    if work["loss"] == "huber":
        return HuberRegressor(alpha=alpha * n, max_iter=1000, warm_start=True)
    options = {"C": 1 / (alpha * n), "solver": peer, "tol": 1e-5, "max_iter": 1000, "warm_start": True}
    return LogisticRegression(l1_ratio=1 if work["penalty"] == "lasso" else 0, **options)


def fit():
    x, y = read()
    before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    found = {alpha: {"W": [], "b": []} for alpha in work["lambdas"]}
    for column in y.T:
        one = None
        for alpha in work["lambdas"]:
            changed = model(alpha, len(x))
            one = changed if one is None else one.set_params(**changed.get_params())
            one.fit(x, column)
            found[alpha]["W"] += np.atleast_2d(one.coef_).tolist()
            found[alpha]["b"] += np.atleast_1d(one.intercept_).tolist()
    cpu = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) - before
    return {"cpu": cpu, "fits": [found[alpha] for alpha in work["lambdas"]]}


def objective(x, y, fitted, alpha):
    w, b = np.array(fitted["W"]), np.array(fitted["b"])
    z = x @ w.T + b
    if work["loss"] == "logistic":
        losses = np.logaddexp(0, z) - y * z
    elif work["loss"] == "poisson":
        losses = np.exp(z) - y * z
    else:
        top = z.max(1)
        losses = top + np.log(np.exp(z - top[:, None]).sum(1)) - z[np.arange(len(z)), y[:, 0].astype(int)]
    size = np.abs(w).sum() if work["penalty"] == "lasso" else (w**2).sum() / 2
    return losses.mean(0).sum() + alpha * size


def excess():
    x, y = read()
    values = {
        name: [objective(x, y, one, alpha) for one, alpha in zip(fits, work["lambdas"])]
        for name, fits in json.load(open(f"{folder}/fits.json")).items()
    }
    least = np.min(list(values.values()), axis=0)
    return {name: float(np.max((np.array(own) - least) / np.abs(least))) for name, own in values.items()}


def version():
    import sklearn

    return f"scikit-learn {sklearn.__version__}, Python {sys.version.split()[0]}"


print(json.dumps({"data": write_data, "fit": fit, "excess": excess, "version": version}[work["what"]]()))
