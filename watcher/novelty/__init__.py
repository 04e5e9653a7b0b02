"""Pure: statements and what is known -> verdicts. `memory` keeps, `evidence` weighs, `judge` decides."""
