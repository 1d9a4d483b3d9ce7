"""One turn of scikit-learn in the forest benchmark: as ours.ts, by the same argument."""
import json
import sys
import time

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

work = json.loads(sys.argv[1])
extra = work["kind"] == "extra-trees"
Classifier = ExtraTreesClassifier if extra else RandomForestClassifier
Regressor = ExtraTreesRegressor if extra else RandomForestRegressor


def table(name):
    data = pd.read_csv(f"{work['shared']}/{name}.csv")
    targets = [c for c in data if c.startswith("y_")]
    features = pd.get_dummies(data.drop(columns=targets))
    return features.to_numpy(dtype=np.float32), data[targets].to_numpy(dtype=float)


def scaled(y, train):
    mean, scale = y[train].mean(0), y[train].std(0)
    return (y - mean) / np.where(scale > 0, scale, 1)


def speed():
    binary = work["data"] == "synthetic"
    if binary:
        x = np.fromfile(f"{work['folder']}/X.bin").reshape(-1, 50).astype(np.float32)
        y = np.fromfile(f"{work['folder']}/Y.bin").reshape(-1, 5)
        train = np.arange(len(x)) < 100000
    else:
        x, y = table(work["data"])
        rows = np.arange(len(x))
        train = rows < 32561 if work["data"] == "adult" else rows % 10 != 0
    share = {"max_features": 1 / 3} if work["data"] == "adult" else {}
    model = (Classifier if binary else Regressor)(work["trees"], random_state=work["seeds"], n_jobs=work["threads"], **share)
    target = y if binary else scaled(y, train)
    cpu, begun = time.process_time(), time.perf_counter()
    model.fit(x[train], target[train])
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    predicted = model.predict(x[~train])
    scores = []
    for t in range(y.shape[1]):
        if binary:
            scores.append(float((predicted[:, t] == y[~train, t]).mean()))
        elif set(np.unique(y[:, t])) <= {0, 1}:
            half = (0.5 - y[train, t].mean()) / y[train, t].std()
            scores.append(float(((predicted[:, t] > half) == y[~train, t]).mean()))
        else:
            truth = target[~train, t]
            scores.append(float(1 - ((truth - predicted[:, t]) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()))
    return {"seconds": seconds, "cpu": cpu, "scores": scores}


def folds():
    x, y = table(work["data"])
    fold_of = np.arange(len(x)) % 10
    results = []
    for seed in range(work["seeds"]):
        error, base = np.zeros(y.shape[1]), np.zeros(y.shape[1])
        for fold in range(10):
            train = fold_of != fold
            mean, scale = y[train].mean(0), y[train].std(0)
            model = Regressor(100, random_state=10 * seed + fold, n_jobs=work["threads"])
            predicted = model.fit(x[train], (y[train] - mean) / scale).predict(x[~train]) * scale + mean
            error += ((y[~train] - predicted) ** 2).sum(0)
            base += ((y[~train] - mean) ** 2).sum(0)
        results.append(float(np.sqrt(error / base).mean()))
    return results


def published():
    x, y = table(work["data"])
    train = np.arange(len(x)) < {"yeast": 1500, "emotions": 391}[work["data"]]
    results = []
    for seed in range(work["seeds"]):
        model = Classifier(100, random_state=seed, n_jobs=work["threads"]).fit(x[train], y[train])
        results.append(float((model.predict(x[~train]) != y[~train]).mean()))
    return results


if work["what"] == "version":
    print(json.dumps(f"scikit-learn {sklearn.__version__}, Python {sys.version.split()[0]}"))
else:
    print(json.dumps({"speed": speed, "folds": folds, "published": published}[work["what"]]()))
