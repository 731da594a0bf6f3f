package org.twinkeep.twin.erasure;

import java.util.Collection;
import java.util.List;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.StreamName;

/** What erasing needs of a store of events. */
public interface ErasableEvents {

    /** Where the keys of the bodies at these sequences stand; an event without a body has none. */
    List<LeafAddress> leavesOf(StreamName stream, Collection<Long> sequences);

    long count(Collection<StreamName> streams);

    /** Deletes whole streams and overwrites what they held, as far as the medium lets it; done already is done. */
    void delete(Collection<StreamName> streams);
}
