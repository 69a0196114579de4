"""From contract and registry files to domain objects, rules, suites, messages and column blocks."""
