//go:build !long

package cli

const mutations = 100
