package org.plimsoll.scoring;

import java.util.List;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/** An engine over named columns, which it turns into its own tensors or frames. */
public sealed interface ColumnEngine extends Engine permits OnnxEngine, PythonEngine, RemoteEngine {

    /** The columns needed: raw ones, or those that features make. */
    Schema inputs();

    /** The tensors that the columns become, where the model speaks of tensors; empty where it takes columns as they are. */
    List<Signature.Tensor> tensors();

    /**
     * The answers for these rows.
     *
     * @param rows with every column of {@link #inputs}, in any order
     * @return for each output its values, row-major; a class as its place among the output's {@code classes}
     * @throws org.plimsoll.core.Problem INVALID, naming the input, where a value cannot be asked about
     */
    double[][] score(Columns rows);
}
