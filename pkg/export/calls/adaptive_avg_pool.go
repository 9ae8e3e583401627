package calls

func init() {
	Registry.Register("adaptive_avg_pool", "y = the mean of each of so many windows", sumPool)
}
