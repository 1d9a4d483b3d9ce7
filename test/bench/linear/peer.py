"""One turn of a peer in the linear benchmark (argument: JSON): `data` writes matrices and the λ, `cv` fits, `gap` measures."""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import json
import resource
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
work = json.loads(sys.argv[1])
# scikit-learn and celer stop at gap ≤ tol ‖Y‖², which is 2 tol of the objective at zero weights.
TOL = 5e-7


def z_scored(a):
    sd = a.std(0)
    return (a - a.mean(0)) / np.where(sd > 0, sd, 1)


def write_data():
    name = work["data"]
    if name == "synthetic":
        rng = np.random.default_rng(0)
        x = rng.standard_normal((2000, 2000))
        b = np.zeros((2000, 10))
        b[:100] = rng.standard_normal((100, 10))
        y = x @ b
        y = y + 0.1 * y.std() * rng.standard_normal(y.shape)
    else:
        import pandas as pd

        table = pd.read_csv(f"{work['shared']}/{name}.csv")
        targets = [c for c in table if c.startswith("y_")]
        x, y = table.drop(columns=targets).to_numpy(float), table[targets].to_numpy(float)
    x, y = z_scored(x), z_scored(y)
    largest = np.sqrt(((x.T @ y) ** 2).sum(1)).max() / len(x)
    path = f"{work['folder']}/{name}"
    np.ascontiguousarray(x.T).tofile(path + ".X")
    y.tofile(path + ".Y")
    (largest * np.geomspace(1, 1e-3, 100)).tofile(path + ".lambdas")
    with open(path + ".json", "w") as file:
        json.dump({"n": x.shape[0], "d": x.shape[1], "t": y.shape[1]}, file)
    return None


def read():
    path = f"{work['folder']}/{work['data']}"
    with open(path + ".json") as file:
        size = json.load(file)
    x = np.fromfile(path + ".X").reshape(size["d"], size["n"]).T
    return x, np.asfortranarray(np.fromfile(path + ".Y").reshape(size["n"], size["t"])), np.fromfile(path + ".lambdas")


def cv():
    from joblib import Parallel, delayed

    if work["peer"] == "celer":
        # celer 0.7.4's MultiTaskLassoCV cannot be made with scikit-learn 1.9: its path on every fold, without the refit.
        def fit():
            return Parallel(n_jobs=2)(delayed(celer_fold)(train) for train, _ in folds.split(x))
    else:
        from sklearn.linear_model import MultiTaskLassoCV

        def fit():
            return MultiTaskLassoCV(alphas=alphas, cv=folds, tol=TOL, n_jobs=2, max_iter=10**7).fit(x, y)
    begun = time.perf_counter()
    fit()
    seconds = time.perf_counter() - begun
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    cpu = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"seconds": seconds, "cpu": cpu}


def celer_fold(train):
    from celer.homotopy import mtl_path

    warnings.simplefilter("ignore")
    a, b = (np.asfortranarray(m[train] - m[train].mean(0)) for m in (x, y))
    return mtl_path(a, b, alphas=alphas, tol=TOL, max_iter=1000, max_epochs=10**6)[1:3]


def gap():
    """
    The largest relative duality gap on the first fold: celer's by its own dual points, which are extrapolated (by the scaled
    residual, as for scikit-learn, its gap on wq would seem 1e-2 where the objective is within 1e-11 of the least).
    """
    train, _ = next(iter(folds.split(x)))
    a, b = (np.asfortranarray(m[train] - m[train].mean(0)) for m in (x, y))
    if work["peer"] == "celer":
        return {"gap": float(np.max(celer_fold(train)[1]) / ((b**2).sum() / (2 * len(a))))}
    from sklearn.linear_model import enet_path

    coefs = enet_path(a, b, l1_ratio=1.0, alphas=alphas, tol=TOL, max_iter=10**7)[1]
    worst = 0.0
    for k, alpha in enumerate(alphas):
        w = coefs[:, :, k].T
        r = b - a @ w
        primal = (r**2).sum() / (2 * len(a)) + alpha * np.sqrt((w**2).sum(1)).sum()
        s = min(1.0, alpha / np.sqrt(((a.T @ r / len(a)) ** 2).sum(1)).max())
        dual = (s * (r * b).sum() - 0.5 * s * s * (r**2).sum()) / len(a)
        worst = max(worst, (primal - dual) / ((b**2).sum() / (2 * len(a))))
    return {"gap": worst}


def version():
    import celer
    import sklearn

    return f"scikit-learn {sklearn.__version__}, celer {celer.__version__}, Python {sys.version.split()[0]}"


if work["what"] == "data":
    result = write_data()
elif work["what"] == "version":
    result = version()
else:
    from sklearn.model_selection import KFold

    folds = KFold(5)
    x, y, alphas = read()
    result = {"cv": cv, "gap": gap}[work["what"]]()
print(json.dumps(result))
