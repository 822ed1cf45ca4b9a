// Package cost owns what support costs: hours, groups, weeks of term and dated
// hourly rates in, whole pence out. It holds no rate of its own, and knows no
// person's pay: rates are by role.
package cost
