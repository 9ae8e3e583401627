package dates

import "regexp"

// DateOrTime matches most dates and times of the day.
var DateOrTime = regexp.MustCompile(`^(` + dateWords + `)([T ,:][0-9:.+Z -]+( ?[AaPp][Mm])?( UTC| GMT)?)?$|^[0-9]{8}T[0-9]{4,6}Z?$|^[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?( ?[AaPp][Mm])?$|^[0-9]{4}-?W[0-9]{2}(-?[1-7])?$|^[0-9]{4}[- ]?Q[1-4]$|^Q[1-4][-/ ][0-9]{4}$`)

const (
	// dateWords are dates in digits, and with the names of months and perhaps of days.
	dateWords   = `[0-9]{4}[-/.][0-9]{1,2}([-/.][0-9]{1,2})?|` + weekdayWord + `[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{4}年[0-9]{1,2}月([0-9]{1,2}日)?|` + weekdayWord + `([0-9]{1,2}[-/. ]{0,2}` + monthWord + `[-/. ]{0,2}[0-9]{2,4}|` + monthWord + ` ([0-9]{1,2},? )?[0-9]{4})`
	monthWord   = `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}`
	weekdayWord = `((?i:mon?|tue|wed|thu|fri?|sat?|sun|di|mi|do|so|lun|mar|mer|mi[eé]|jeu|jue|ven|vie|sam|s[aá]b|dim|dom)\p{L}{0,7}\.?,? )?`
)
