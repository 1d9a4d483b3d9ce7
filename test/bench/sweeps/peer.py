"""The peers of `npm run bench sweeps`: scikit-learn's GridSearchCV and StackingRegressor, Optuna with PyTorch.

Reads a table with features x0…, targets y0… and a column of folds; does what the argument says; prints one JSON object
with the seconds of the search alone (reading and imports apart), CPU seconds of all processes, and the winner.
"""

import glob
import json
import os
import resource
import sys
import time

import numpy as np


def main():
    work = json.loads(sys.argv[1])
    table = np.genfromtxt(work["table"], delimiter=",", names=True)
    names = table.dtype.names
    X = np.column_stack([table[name] for name in names if name.startswith("x")])
    Y = np.column_stack([table[name] for name in names if name.startswith("y")])
    folds = table["fold"].astype(int)
    run = {"linear": linear, "logistic": logistic, "forest": forest, "stacking": stacking, "net": net}[work["what"]]
    prepare = run(X, Y, folds, work)
    before = cpu()
    start = time.perf_counter()
    winner, score = prepare()
    print(json.dumps({
        "seconds": time.perf_counter() - start,
        "cpu": cpu() - before,
        "winner": winner,
        "score": score,
        "versions": versions(work["what"]),
    }))


def cpu():
    """Of this process and its children; joblib's workers outlive the search, so their own times are read (Linux)."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + descendants(os.getpid())


def descendants(parent):
    found = 0.0
    for path in glob.glob(f"/proc/{parent}/task/*/children"):
        with open(path) as file:
            children = [int(child) for child in file.read().split()]
        for child in children:
            try:
                with open(f"/proc/{child}/stat") as file:
                    times = file.read().rsplit(")", 1)[1].split()[11:15]
            except OSError:
                continue
            found += sum(map(int, times)) / os.sysconf("SC_CLK_TCK") + descendants(child)
    return found


def versions(what):
    if what == "net":
        import optuna
        import torch

        return f"Optuna {optuna.__version__}, PyTorch {torch.__version__}"
    import sklearn

    return f"scikit-learn {sklearn.__version__}"


def standardized(estimator):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(make_pipeline(StandardScaler(), estimator), transformer=StandardScaler())


def grid(estimator, parameters, X, y, folds, scoring):
    from sklearn.model_selection import GridSearchCV, PredefinedSplit

    search = GridSearchCV(estimator, parameters, cv=PredefinedSplit(folds), scoring=scoring, n_jobs=2)

    def fit():
        search.fit(X, y)
        return {name.split("__")[-1]: value for name, value in search.best_params_.items()}, search.best_score_

    return fit


def linear(X, Y, folds, work):
    from sklearn.linear_model import Lasso

    lasso = standardized(Lasso(tol=1e-6, max_iter=10000))
    return grid(lasso, {"regressor__lasso__alpha": work["lambdas"]}, X, Y[:, 0], folds, "r2")


def logistic(X, Y, folds, work):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = len(X) * (1 - 1 / (folds.max() + 1))
    model = make_pipeline(StandardScaler(), LogisticRegression(l1_ratio=1, solver="liblinear", tol=1e-6, max_iter=1000))
    strengths = [1 / (rows * value) for value in work["lambdas"]]
    return grid(model, {"logisticregression__C": strengths}, X, Y[:, 0].astype(int), folds, "roc_auc")


def forest(X, Y, folds, work):
    from sklearn.ensemble import RandomForestRegressor

    model = RandomForestRegressor(n_estimators=work["trees"], random_state=0)
    parameters = {"min_samples_leaf": work["leaves"], "max_features": [float(part) for part in work["features"]]}
    return grid(model, parameters, X, Y[:, 0], folds, "r2")


def stacking(X, Y, folds, work):
    from sklearn.ensemble import RandomForestRegressor, StackingRegressor
    from sklearn.linear_model import LassoCV, RidgeCV
    from sklearn.model_selection import PredefinedSplit

    lasso = standardized(LassoCV(alphas=work["lambdas"], cv=5, tol=1e-6, max_iter=10000))
    trees = RandomForestRegressor(n_estimators=work["trees"], random_state=0)
    model = StackingRegressor(
        [("lasso", lasso), ("forest", trees)], RidgeCV(), cv=PredefinedSplit(folds), n_jobs=2
    )

    def fit():
        model.fit(X, Y[:, 0])
        return {}, None

    return fit


def net(X, Y, folds, work):
    import optuna
    import torch

    if work["threads"]:
        torch.set_num_threads(work["threads"])
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    X = torch.tensor(X, dtype=torch.float32)
    Y = torch.tensor(Y, dtype=torch.float32)
    count = int(folds.max()) + 1

    def train(rate, decay, train_rows):
        torch.manual_seed(0)
        mean, scale = X[train_rows].mean(0), X[train_rows].std(0)
        at, to = Y[train_rows].mean(0), Y[train_rows].std(0)
        inputs, targets = (X[train_rows] - mean) / scale, (Y[train_rows] - at) / to
        widths = [X.shape[1], *work["hidden"]]
        layers = []
        for a, b in zip(widths, widths[1:]):
            layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
        model = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], Y.shape[1]))
        # The same learner: our initial weights, and a penalty on weights alone.
        for layer in model[:-1:2]:
            torch.nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        torch.nn.init.xavier_uniform_(model[-1].weight)
        biases = [parameter for name, parameter in model.named_parameters() if name.endswith("bias")]
        for bias in biases:
            torch.nn.init.zeros_(bias)
        weights = [parameter for name, parameter in model.named_parameters() if name.endswith("weight")]
        groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}]
        optimizer = torch.optim.Adam(groups, lr=rate)
        for _ in range(work["epochs"]):
            for batch in torch.randperm(len(inputs)).split(work["batch"]):
                optimizer.zero_grad()
                loss = 0.5 * ((model(inputs[batch]) - targets[batch]) ** 2).mean(0).sum()
                loss.backward()
                optimizer.step()
        return lambda rows: model((X[rows] - mean) / scale) * to + at

    def objective(trial):
        rate = trial.suggest_categorical("learning_rate", work["rates"])
        decay = trial.suggest_categorical("lambda", work["lambdas"])
        scores = []
        for fold in range(count):
            held = torch.tensor(np.flatnonzero(folds == fold))
            predict = train(rate, decay, torch.tensor(np.flatnonzero(folds != fold)))
            with torch.no_grad():
                residual = ((predict(held) - Y[held]) ** 2).sum(0)
                total = ((Y[held] - Y[held].mean(0)) ** 2).sum(0)
            scores.append(float((1 - residual / total).mean()))
        return float(np.mean(scores))

    def fit():
        space = {"learning_rate": work["rates"], "lambda": work["lambdas"]}
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.GridSampler(space, seed=0))
        study.optimize(objective, n_trials=len(work["rates"]) * len(work["lambdas"]))
        train(study.best_params["learning_rate"], study.best_params["lambda"], torch.arange(len(X)))
        return study.best_params, study.best_value

    return fit


main()
