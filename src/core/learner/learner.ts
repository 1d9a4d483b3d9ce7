import type { Dataset } from '../dataset/dataset';
import type { Problem, TaskType } from '../dataset/problem';
import type { KernelThreads } from './neural/kernels';
import type { Threads } from './threads';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** One point of hyperparameters. `lambda` weighs R(θ) in min Σ_t w_t L_t(θ) + λ R(θ); absent when the learner has none. */
export interface Configuration {
  readonly lambda?: number;
  /** The learner's own hyperparameters, complete (defaults filled in), without λ. */
  readonly parameters: JsonObject;
}

/** Predictions of one task. */
export interface TaskPredictions {
  /**
   * Row-major (rows × width). Regression: the value in original units. Binary: P(positive class). Multiclass: one
   * probability a class, each row summing to 1.
   */
  readonly values: Float32Array;
  readonly width: number;
}

/** How the optimiser ended. A fit that did not converge is a visible warning, never a silent one. */
export interface Convergence {
  readonly converged: boolean;
  readonly iterations: number;
  /** What `residual` is: a duality gap relative to the objective at zero, a gradient norm relative to its start, … */
  readonly criterion: 'relative duality gap' | 'relative optimality residual' | 'epochs' | 'rounds' | 'none';
  readonly residual?: number;
}

/** One step (iteration, epoch, tree) of training, as the learner saw it on its training rows. */
export interface TrainingStep {
  /** Index into the configurations given to `fit`. */
  readonly configuration: number;
  readonly step: number;
  /** The whole objective Σ_t w_t L_t + λ R. */
  readonly objective?: number;
  /** L_t per task, in the order of `problem.tasks`. */
  readonly taskLosses?: readonly number[];
  /** L_t per task on rows held out inside the training fold (early stopping), where there are any. */
  readonly validationLosses?: readonly number[];
  /** R(θ), without λ. */
  readonly penalty?: number;
  readonly learningRate?: number;
}

/** Language-neutral form of a fitted model: JSON plus named little-endian arrays. Contains no code. */
export interface SerializedModel {
  readonly format: 'taskweave-model';
  readonly version: 1;
  readonly learner: string;
  readonly header: JsonObject;
  readonly arrays: Readonly<Record<string, Float64Array | Float32Array | Int32Array | Uint8Array>>;
}

/** What a fit learned about sharing, for the tree view, the report and the λ-path plot. */
export interface ModelSummary {
  /** Number of parameters used by more than one task, and by one task alone. */
  readonly sharedParameters: number;
  readonly privateParameters: number;
  /** Features with any non-zero weight (linear) or any split (trees); absent where the notion has no meaning. */
  readonly activeFeatures?: number;
  readonly totalFeatures?: number;
}

/** What the splits of a model's trees owe to each feature, and what the trees say of rows that they left out. */
export interface SplitGains {
  /** Names of the features. */
  readonly features: readonly string[];
  /**
   * Row-major (features × tasks): how far splits of the feature lowered the task's impurity, a part of it (forests), or its mean loss
   * to second order, before shrinkage (boosting). Units differ: see `gainShares`.
   */
  readonly byTask: Float64Array;
  /** Per task: loss over the training rows by the trees that left them out; null where there are none, absent without bootstrap. */
  readonly outOfBagLosses?: readonly (number | null)[];
}

export interface FittedModel {
  readonly convergence: Convergence;
  readonly summary: ModelSummary;
  /** Linear models: norm over tasks of the standardised weights of each encoded feature, by its name. */
  featureStrength?(): Readonly<Record<string, number>>;
  /** Models of trees. */
  readonly gains?: SplitGains;
  /** Predictions for `rows` of `dataset` (the same columns as in training), one entry a task of the problem. */
  predict(dataset: Dataset, rows: Int32Array): readonly TaskPredictions[];
  serialize(): SerializedModel;
  /**
   * What was learned for each task, where that is one vector of the same quantities: weights of the same features in the
   * same units. Their correlation says how alike the tasks are.
   */
  taskVectors?(): readonly Float64Array[];
}

/** What a learner can do; the plan and the UI ask instead of knowing each family. */
export interface Capabilities {
  readonly taskTypes: readonly TaskType[];
  /** A row may lack the label of any task; tasks of several types may be learned jointly. */
  readonly masks: boolean;
  /** Weights of rows, of the classes of a task, and of tasks. */
  readonly weights: boolean;
  /** Features that are mostly 0 stay sparse from encoding to prediction. */
  readonly sparse: boolean;
  /** The configuration has a λ that a grid can vary. */
  readonly lambda: boolean;
  /** A λ_max is defined, so a grid can be given by its number of points alone. */
  readonly lambdaMax: boolean;
  /** Smallest over largest λ of a grid that does not say; absent: 1e-3. Smooth penalties start far above any useful λ. */
  readonly lambdaRatio?: number;
  /** λ of a model that does not say and has no λ_max; absent: 0. */
  readonly defaultLambda?: number;
  /** All configurations that differ in λ alone are best fitted in one call, large λ first (warm starts, shared passes). */
  readonly lambdaPath: boolean;
  /** Configurations of any parameters are best fitted in one call, which prepares the data, or passes over them, once. */
  readonly together?: boolean;
}

/**
 * A port: TensorFlow.js with a backend chosen and ready, so that the neural family can use `@tensorflow/tfjs-core`
 * at once. Which backend it is, and how its bytes are found, is decided outside core.
 */
export interface TensorBackend {
  readonly name: 'wasm' | 'native' | 'cpu';
  /** The neural family's own WebAssembly kernels, where the backend is `wasm`; absent: their plain twins. */
  readonly kernels?: Uint8Array<ArrayBuffer>;
  /** Threads that take part in one fit's kernels; absent: the one that fits. Numbers do not depend on it. */
  readonly kernelThreads?: KernelThreads;
}

/** The state of a training in progress, for the same learner to go on from: JSON and named arrays. Contains no code. */
export interface TrainingCheckpoint {
  readonly header: JsonObject;
  readonly arrays: Readonly<Record<string, Float32Array | Float64Array | Int32Array | Uint32Array>>;
}

export interface Checkpoints {
  /** From an interrupted fit of the same problem, configurations and seed: the fit ends with the same bits. */
  readonly resume?: TrainingCheckpoint;
  /** Called where a state can be taken, after an epoch, say; what is not taken costs nothing. */
  offer(take: () => TrainingCheckpoint): void;
}

export interface FitContext {
  /** Unsigned 32-bit seed; the same seed gives the same model, bit for bit. */
  readonly seed: number;
  /** Called with every recorded step; cheap, never awaited. */
  report(step: TrainingStep): void;
  /** Checked between steps and configurations; when aborted, `fit` throws its reason. */
  readonly signal: AbortSignal;
  /** Learners that train for long offer checkpoints, and go on from one. */
  readonly checkpoints?: Checkpoints;
  /** Threads that the fit may use besides its own; absent: none. The model is the same with any number. */
  readonly threads?: Threads;
  /** Called where a fit has left much memory behind that nothing refers to any more. */
  giveBack?(): void;
  /** Makes the tensor backend ready; only learners that compute with tensors call it. */
  tensorBackend(): Promise<TensorBackend>;
}

/** A family of base models. */
export interface Learner {
  readonly kind: string;
  capabilities(parameters: JsonObject): Capabilities;
  /** Smallest λ at which every penalised parameter is zero (or the start of the path, for smooth penalties). */
  lambdaMax?(problem: Problem, parameters: JsonObject): number;
  /** Hyperparameters of the same learner without sharing between tasks; it is then fitted to one task at a time. */
  singleTaskTwin(parameters: JsonObject): JsonObject;
  /**
   * Hyperparameters for the refit on all training rows, given the `convergence.iterations` of the chosen configuration's
   * fits on the folds: a learner that stops early trains for their median instead. Absent: as they are.
   */
  refitParameters?(parameters: JsonObject, iterations: readonly number[]): JsonObject;
  /** One fitted model a configuration, in the order given. */
  fit(
    problem: Problem,
    configurations: readonly Configuration[],
    context: FitContext,
  ): Promise<readonly FittedModel[]>;
  load(model: SerializedModel): FittedModel;
  /**
   * Predictions of several models of the family for the same rows, a list a model: the numbers of each asked alone. Present
   * where asking together is cheaper: the rows are encoded once.
   */
  predictTogether?(
    models: readonly FittedModel[],
    dataset: Dataset,
    rows: Int32Array,
  ): readonly (readonly TaskPredictions[])[];
}
