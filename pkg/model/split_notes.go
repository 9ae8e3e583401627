package model

import "dnn/internal/phrase"

// tellSplit says that rows were taken for validation which the spec does not ask for, and that there are none to judge by.
func (j *Job) tellSplit(asked Training) {
	switch part := j.Data.Validation; {
	case part != nil && j.Config.Dataset.Split.ByDefault():
		j.Beginning.Add("dataset.split", "validation: %s taken from the training split; dataset.split.validation sets how many (0: none)", phrase.Count(part.Rows(), "row"))
	case part == nil && asked.EarlyStopping != nil && asked.Monitor == "" && j.Data.Train != nil:
		j.Beginning.Warn("train.early_stopping", "there is no validation split, so the training loss decides when to stop, which goes on to fall when a net overfits; dataset.split.validation sets one apart")
	}
}
