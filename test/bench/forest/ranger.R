# One turn of ranger in the forest benchmark, a forest a task: `Rscript ranger.R <JSON>`, as peer.py.
library(ranger)
library(jsonlite)

work <- fromJSON(commandArgs(trailingOnly = TRUE)[1])
if (work$data == "synthetic") {
  numbers <- function(file) readBin(file.path(work$folder, file), "double", n = file.size(file.path(work$folder, file)) / 8)
  x <- as.data.frame(matrix(numbers("X.bin"), ncol = 50, byrow = TRUE))
  y <- as.data.frame(matrix(numbers("Y.bin"), ncol = 5, byrow = TRUE))
  train <- seq_len(nrow(x)) <= 100000
} else {
  table <- read.csv(file.path(work$shared, paste0(work$data, ".csv")), stringsAsFactors = TRUE)
  targets <- startsWith(names(table), "y_")
  x <- table[!targets]
  y <- table[targets]
  train <- if (work$data == "adult") seq_len(nrow(x)) <= 32561 else (seq_len(nrow(x)) - 1) %% 10 != 0
}
begun <- proc.time()
forests <- lapply(y, function(target) {
  binary <- all(target %in% c(0, 1))
  ranger(
    x = x[train, ], y = if (binary) factor(target[train]) else target[train],
    num.trees = work$trees, num.threads = 2, seed = work$seeds + 1, verbose = FALSE,
    respect.unordered.factors = "order"
  )
})
spent <- proc.time() - begun
scores <- mapply(function(forest, target) {
  predicted <- predict(forest, x[!train, ], num.threads = 2)$predictions
  truth <- target[!train]
  if (is.factor(predicted)) mean(as.numeric(as.character(predicted)) == truth)
  else 1 - sum((truth - predicted)^2) / sum((truth - mean(truth))^2)
}, forests, y)
cat(toJSON(list(
  seconds = unbox(spent[["elapsed"]]), cpu = unbox(spent[["user.self"]] + spent[["sys.self"]]), scores = unname(scores)
), digits = 8))
