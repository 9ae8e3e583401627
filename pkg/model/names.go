package model

// Names of what is fed to and read from a compiled net. Of a net with several heads, the name of the head is appended to
// those that each has: target.species.
const (
	FeedTarget     = "target"           // the labels of a batch: int32 classes [rows] or float32 [rows, width]; for each step [rows, steps] or [rows, steps, width]
	FeedSecond     = "second_target"    // like the target, of the rows that these are mixed with; in training only
	FeedShare      = "share"            // float32 [rows]; how much the first target counts, when rows are mixed
	FeedBase       = "base"             // float32 [rows, width]; what the last layer's numbers count from; only when the data says so
	FeedWeight     = "sample_weight"    // float32 [rows]; only when the data has a column of weights
	FeedTeacher    = "teacher"          // float32 [predictions, width]; what teachers predict, in training with train.distill
	FeedMatched    = "matched."         // with the number of a match: float32, what a layer of the teacher puts out
	FeedStep       = "step"             // int32: batches seen before this one; random layers draw from it. Of a shard [3], with its first row in the batch and its rows
	FeedHeadWeight = "head_weight"      // float32: Σ weight of a head over the whole batch, for a shard of it
	FeedRowsWeight = "rows_weight"      // float32: the weight of all rows of the batch, for a shard of it
	FeedGradient   = "shards_gradient"  // float32, laid out like the weights: the sum over all shards, for the update
	FeedGradWeight = "shards_weight"    // float32: Σ weight over all shards, for the update
	NextState      = "next."            // what a state is to be after the step: put out for a shard, fed for the update
	FeedUpdate     = "update"           // int32: number of this update, from 1
	FeedPruned     = "pruned"           // float32: 1 once weights were pruned, so that zeros stay
	FeedRate       = "learning_rate"    // float32
	OutPrediction  = "prediction"       // probabilities or values, [rows, width]; for each step [rows·steps, width]
	OutMatched     = "matched."         // with the number of a match: what a layer of a teacher puts out
	OutSteps       = "prediction_steps" // float32 [rows], how many steps each has, of labels to align; absent where all are valid
	OutLoss        = "loss"             // Σ weight·loss over the rows of the batch
	OutLossWeight  = "loss_weight"      // Σ weight
	OutGradient    = "gradient"         // gradient of Σ weight·loss, laid out like the weights
	OutNorm        = "gradient_norm"    // Euclidean norm of the gradient before clipping
	VarAverage     = "average"          // moving average of the weights
	varGradient    = "accumulated_gradient"
	varGradWeight  = "accumulated_weight"
	FeedBlock      = "input."
	FeedLengths    = "lengths." // of a block of sequences: int32 [rows]
	VarWeights     = "weights"
	penaltyScope   = "penalty"
	lossScope      = "loss"
	optimizerScope = "optimizer"
)
