package org.twinkeep.portal.wiring;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

/** The web pages over an open house, on the loopback address only. Closing it closes the pages, then the house. */
public final class ServedHouse implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Serves the house and takes it over.
     *
     * @param port 0: any free one
     * @throws HouseRefused when the port is in use
     */
    public ServedHouse(House house, int port) {
        try {
            context = new SpringApplicationBuilder(WebWiring.class)
                    .bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false)
                    .properties(Map.of("server.address", "127.0.0.1", "server.port", port))
                    .initializers(fresh ->
                            ((GenericApplicationContext) fresh).registerBean("house", House.class, () -> house))
                    .listeners((ApplicationListener<ContextClosedEvent>) _ -> closed.countDown())
                    .run();
        } catch (RuntimeException e) {
            house.close();
            if (portInUse(e)) {
                throw new HouseRefused("Port " + port + " is in use by another program. Choose another: --port N", e);
            }
            throw e;
        }
    }

    public int port() {
        return Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    /** Waits until the pages are closed: by {@link #close()}, or because the process was asked to end. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    private static boolean portInUse(Throwable e) {
        return e instanceof PortInUseException || (e.getCause() != null && portInUse(e.getCause()));
    }

    @Override
    public void close() {
        context.close();
    }
}
