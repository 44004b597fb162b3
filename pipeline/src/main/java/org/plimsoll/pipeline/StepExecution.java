package org.plimsoll.pipeline;

/** Does the work of a step on its workbench. */
sealed interface StepExecution
        permits SqlExecution, SplitExecution, TrainExecution, EvaluateExecution, CommandExecution {

    /** Writes every output of the bench, or throws. Long native work happens here: called on a platform thread. */
    void execute(Workbench bench);

    static StepExecution of(Work work) {
        return switch (work) {
            case Work.Sql sql -> new SqlExecution(sql);
            case Work.Split split -> new SplitExecution(split);
            case Work.Train train -> new TrainExecution(train);
            case Work.Evaluate evaluate -> new EvaluateExecution(evaluate);
            case Work.Command command -> new CommandExecution(command);
        };
    }
}
