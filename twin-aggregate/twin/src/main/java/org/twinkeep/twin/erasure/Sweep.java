package org.twinkeep.twin.erasure;

import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.EntryId;

/** Removes copies (views, caches, indexes) of what was erased; called again after a crash, so done already is done. */
public interface Sweep {
    void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries);

    void twinErased(TwinId twin);
}
