package metrics

import (
	"fmt"
	"reflect"

	"dnn/pkg/spec"
)

// longNamer is implemented by metrics whose distinguishing name is not the key with the settings behind it.
type longNamer interface{ longName() string }

// Names gives each metric of a list its name in reports: the registry key; where a kind stands there more than once, the
// settings in which its entries differ are appended (f1_macro, f1_weighted; top_3_accuracy). The setting auto adds
// nothing. Entries that are the same in all settings are numbered: f1, f1_2.
func Names(list []Metric) []string {
	names := make([]string, len(list))
	taken := map[string]int{}
	for i, m := range list {
		key := spec.KeyOf(m)
		var twins []Metric
		for _, other := range list {
			if spec.KeyOf(other) == key {
				twins = append(twins, other)
			}
		}
		name := key
		if n, ok := m.(longNamer); ok && len(twins) > 1 {
			name = n.longName()
		} else if len(twins) > 1 {
			name = key + differences(m, twins)
		}
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, taken[name])
		}
		names[i] = name
	}
	return names
}

// differences returns "_value" for each setting of m in which its twins are not all alike.
func differences(m Metric, twins []Metric) string {
	text := ""
	for _, f := range spec.Fields(reflect.TypeOf(m)) {
		own := setting(m, f)
		for _, t := range twins {
			if setting(t, f) != own {
				if own != "auto" && own != "" {
					text += "_" + own
				}
				break
			}
		}
	}
	return text
}

func setting(m Metric, f spec.Field) string {
	return fmt.Sprint(reflect.ValueOf(m).Elem().FieldByIndex(f.Index).Interface())
}
