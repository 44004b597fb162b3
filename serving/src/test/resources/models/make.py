"""Makes the three small models of the serving tests: python make.py (needs xgboost 3 and numpy)."""
import numpy
import xgboost

random = numpy.random.default_rng(7)
rows = 4000
distance = random.uniform(100, 2500, rows)
hour = random.integers(0, 24, rows).astype(float)
chance = 0.04 + 0.5 * (hour > 15) * (distance > 800)
late = (random.uniform(size=rows) < chance).astype(int)
x = numpy.column_stack([distance, hour]).astype(numpy.float32)

for name, label, trees in [("good", late, 12), ("like", late, 16), ("bad", 1 - late, 12)]:
    model = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 3, "eta": 0.3, "nthread": 1, "seed": 1},
        xgboost.DMatrix(x, label=label),
        trees,
    )
    model.save_model(name + ".json")
