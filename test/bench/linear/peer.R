# One turn of glmnet in the linear benchmark: folder, data, thresh. The path on every fold, in two processes.
suppressMessages({ library(glmnet); library(jsonlite); library(parallel) })
arguments <- commandArgs(TRUE)
path <- file.path(arguments[1], arguments[2])
thresh <- as.numeric(arguments[3])
size <- fromJSON(paste0(path, ".json"))
n <- size$n; d <- size$d; t <- size$t
X <- matrix(readBin(paste0(path, ".X"), "double", n * d), n, d)
Y <- matrix(readBin(paste0(path, ".Y"), "double", n * t), n, t, byrow = TRUE)
lambdas <- readBin(paste0(path, ".lambdas"), "double", 100)
fold_of <- rep(0:4, times = n %/% 5 + (0:4 < n %% 5))
centred <- function(a) scale(a, scale = FALSE)
fit <- function(fold) {
  train <- fold_of != fold
  glmnet(centred(X[train, ]), centred(Y[train, ]), family = "mgaussian", lambda = lambdas, standardize = FALSE,
         intercept = FALSE, thresh = thresh, maxit = 1e9)
}
begun <- proc.time()
fits <- mclapply(0:4, fit, mc.cores = 2)
used <- proc.time() - begun
# The largest relative duality gap on the first fold.
x <- centred(X[fold_of != 0, ]); y <- centred(Y[fold_of != 0, ]); m <- nrow(x); worst <- 0
for (k in seq_along(fits[[1]]$lambda)) {
  w <- sapply(fits[[1]]$beta, function(b) b[, k]); r <- y - x %*% w
  primal <- sum(r^2) / (2 * m) + lambdas[k] * sum(sqrt(rowSums(w^2)))
  s <- min(1, lambdas[k] / max(sqrt(rowSums((crossprod(x, r) / m)^2))))
  dual <- (s * sum(r * y) - 0.5 * s^2 * sum(r^2)) / m
  worst <- max(worst, (primal - dual) / (sum(y^2) / (2 * m)))
}
cat(toJSON(list(seconds = used[["elapsed"]], cpu = sum(used[c("user.child", "sys.child", "user.self", "sys.self")]),
                gap = worst, version = as.character(packageVersion("glmnet"))), auto_unbox = TRUE, digits = 12))
