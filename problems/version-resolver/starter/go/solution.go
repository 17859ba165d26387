package solution

// Release is one version of a package, with the packages it needs and constraints on them.
type Release struct {
	Version string            `json:"version"`
	Needs   map[string]string `json:"needs"`
}

// ResolveVersions chooses a version of every package that has to be installed; nil if nothing fits.
func ResolveVersions(registry map[string][]Release, wanted map[string]string) map[string]string {
	return map[string]string{}
}
