"""Registry and submissions into the warehouse, the gate, the edition."""
