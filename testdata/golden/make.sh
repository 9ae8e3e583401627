#!/usr/bin/env bash
# Made the files in this folder, once, with the program of commit d637361 (heads: aeef79a): DNN=path/to/dnn bash make.sh
# Do not run it again: the models here stand for those that users have.
set -euo pipefail
cd "$(dirname "$0")"
for kind in table image text series tags windows long files labels numbers heads; do
  cd "$kind"
  rm -rf run final
  "$DNN" train -c spec.yaml --out final -q --threads 1 > /dev/null
  python3 ../tensors.py final/last.safetensors > tensors.txt
  find final -type f ! -name best.safetensors ! -name metrics.jsonl -delete
  "$DNN" train -c spec.yaml --out run -q --threads 1 --set train.epochs=2 > /dev/null
  rm -f run/*.png run/*.svg run/mis*.csv
  input=$(cat input)
  "$DNN" predict final/best.safetensors $input > predictions.csv || [ $? = 2 ] # rows without a history
  "$DNN" eval final/best.safetensors --json > eval.json
  [ "$kind" != windows ] || "$DNN" forecast final/best.safetensors --steps 1 > forecast.csv
  cd ..
done
