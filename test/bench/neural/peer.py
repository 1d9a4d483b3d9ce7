"""Trains nets with PyTorch on synthetic data and prints one line of JSON. Argument: one JSON object.

mode "loop": one net after the other; mode "vmap": all at once by torch.func. Both print seconds an epoch of all nets.
"""

import json
import resource
import sys
import time

import torch

work = json.loads(sys.argv[1])
if work["threads"]:
    torch.set_num_threads(work["threads"])
torch.manual_seed(1)
ROWS, BATCH, FEATURES, TASKS = work["rows"], work["batch"], 50, 5
X = torch.randn(ROWS, FEATURES)
Y = (X[:, :TASKS] + X[:, 1 : TASKS + 1] > 0).float()


def net():
    layers, width = [], FEATURES
    for hidden in work["hidden"]:
        layers += [torch.nn.Linear(width, hidden), torch.nn.ReLU()]
        width = hidden
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, TASKS))


loss_of = torch.nn.BCEWithLogitsLoss()


def epoch_of_loop(nets):
    for model, optimizer in nets:
        order = torch.randperm(ROWS)
        for start in range(0, ROWS, BATCH):
            rows = order[start : start + BATCH]
            optimizer.zero_grad()
            loss_of(model(X[rows]), Y[rows]).backward()
            optimizer.step()


def vmapped(lambdas):
    from torch.func import functional_call, grad, stack_module_state, vmap

    models = [net() for _ in lambdas]
    parameters, buffers = stack_module_state(models)
    parameters = {name: p.detach() for name, p in parameters.items()}
    base = models[0]
    penalties = torch.tensor(lambdas)

    def loss(p, b, x, y):
        return loss_of(functional_call(base, (p, b), (x,)), y)

    gradient = vmap(grad(loss), in_dims=(0, 0, None, None))
    first = {name: torch.zeros_like(p) for name, p in parameters.items()}
    second = {name: torch.zeros_like(p) for name, p in parameters.items()}
    state = {"step": 0}

    def epoch():
        order = torch.randperm(ROWS)
        for start in range(0, ROWS, BATCH):
            rows = order[start : start + BATCH]
            gradients = gradient(parameters, buffers, X[rows], Y[rows])
            state["step"] += 1
            rate = 2e-3 / (1 - 0.9 ** state["step"])
            correction = (1 - 0.999 ** state["step"]) ** -0.5
            for name, p in parameters.items():
                g = gradients[name]
                g.add_(p * penalties.view(-1, *[1] * (p.dim() - 1)))
                first[name].lerp_(g, 0.1)
                second[name].mul_(0.999).addcmul_(g, g, value=0.001)
                p.addcdiv_(first[name], second[name].sqrt().mul_(correction).add_(1e-8), value=-rate)

    return epoch


if work["mode"] == "vmap":
    run = vmapped(work["lambdas"])
else:
    nets = [net() for _ in work["lambdas"]]
    nets = [
        (model, torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=penalty))
        for model, penalty in zip(nets, work["lambdas"])
    ]

    def run():
        epoch_of_loop(nets)


# Warm-up on part of the data.
full, ROWS = ROWS, min(ROWS, 20 * BATCH)
run()
ROWS = full
seconds, cpu = [], []
for _ in range(work["epochs"]):
    wall, used = time.perf_counter(), time.process_time()
    run()
    seconds.append(time.perf_counter() - wall)
    cpu.append(time.process_time() - used)
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpu": cpu,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
        }
    )
)
