r"""Letters as mathematicians use them where a document says nothing: the one place where a letter is known by its shape alone.

Each of these is a tie-break between readings that the text leaves open. What a document says of a letter comes first, and a custom
alone convicts nobody: it puts one option of a doubt before another, or keeps a step from being refuted. Other letters are not worse
off: they keep both readings, or stay undecided.
"""

from __future__ import annotations

# Names of numbers.
CONSTANTS = frozenset((r"\pi", "e"))
# Letters that run through whole numbers, unless the document makes a quantity of them.
COUNTERS = frozenset("ijklmnrst")
# Those that are never sizes, even where a sum ends with one; n, m and k may be both in one document.
RUNNING = frozenset(("i", "j"))
# Those that count below a partial sign, and those of tensors: r, s and t are variables there, as in the heat equation.
PARTIAL_COUNTERS = COUNTERS - frozenset("rst") | {r"\mu", r"\nu"}
# Variables of functions of one variable, the usual one first.
VARIABLES = ("x", "t", "z")
# Variables of space.
COORDINATES = ("x", "y", "z")
# Factors that do not depend on what is differentiated by: the gradient in ``\nabla \lambda \|w\|^2`` is that of the product.
COEFFICIENTS = frozenset((r"\lambda", r"\alpha", r"\beta", r"\gamma", r"\mu", r"\eta", "c", "C", "k"))
# Densities: what stands in the brackets behind them are values, not events. They are positive.
DENSITIES = frozenset(("p", "q"))
LAWS = DENSITIES | {"P", "Q"}
# What a bar or a relation in the brackets behind it makes a probability.
PROBABILITIES = DENSITIES | {"P", r"\Pr", r"\mathbb{P}", r"\mathrm{Pr}", r"\mathcal{P}"}
# Functions, whatever stands in the brackets behind them; a lone letter in brackets is enough for the first ones.
FUNCTIONS = frozenset(("f", "g", "h", "F", "G", "H", r"\phi", r"\varphi", r"\psi", r"\sigma", "u", "L", "J", r"\ell"))
APPLIED_TO_A_LETTER = LAWS | {"f", "g"}
# Functions that are as often factors: in front of a bracket with more than a name in it the doubt is real.
FUNCTIONS_OR_FACTORS = frozenset(("h", "u", "g"))
# Functions that are written without their argument: under an integral sign they may depend on the variable.
INTEGRANDS = frozenset(("f", "g", "h", "u", "v", "F", "G", "P", r"\phi", r"\varphi", r"\psi", r"\rho")) | DENSITIES
# Capitals that are numbers more often than matrices: losses, counts, probabilities, energies, costs.
SCALARS = frozenset(("L", "J", "N", "K", "P", "E", "C"))
# Matrices that are symmetric as covariances and their inverses are.
COVARIANCES = frozenset((r"\Sigma", r"\Lambda"))
# Letters that what is minimized has by custom.
LOSSES = frozenset(("L", r"\mathcal{L}", r"\ell", "l", "J", r"\mathcal{J}", "E", r"\mathcal{E}", "C"))
