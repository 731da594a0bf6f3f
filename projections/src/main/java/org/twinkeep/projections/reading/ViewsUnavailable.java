package org.twinkeep.projections.reading;

/** The views' file cannot be written; nothing is lost, and nothing is shown until it can be. */
public final class ViewsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ViewsUnavailable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
