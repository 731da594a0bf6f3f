package org.twinkeep.portal.web.consents;

import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.TwinId;

/**
 * Ends a consent by the house's own key: what the patient asks for after a reset, when the seed that signed it is gone. It
 * can only narrow.
 */
@FunctionalInterface
public interface CustodiansStop {

    void stop(TwinId twin, ConsentHandle handle);
}
