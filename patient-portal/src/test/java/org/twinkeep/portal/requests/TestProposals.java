package org.twinkeep.portal.requests;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.twinkeep.consent.ConsentHandle;

/** Remembers what was proposed and what ended. */
public final class TestProposals implements Proposals {
    public final List<ConsentHandle> proposed = new ArrayList<>();
    public final List<ConsentHandle> ended = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(5);

    @Override
    public ConsentHandle propose(String commitment) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var handle = new ConsentHandle(HexFormat.of().formatHex(bytes));
        proposed.add(handle);
        return handle;
    }

    @Override
    public void end(ConsentHandle handle) {
        ended.add(handle);
    }
}
