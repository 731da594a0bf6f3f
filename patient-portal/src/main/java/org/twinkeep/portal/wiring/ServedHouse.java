package org.twinkeep.portal.wiring;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.twinkeep.portal.web.entrance.DemoGuide;

/** The web pages over an open house, on the loopback address only. Closing it closes the pages, then the house. */
public final class ServedHouse implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Serves a house of real people. */
    public ServedHouse(House house, int port) {
        this(house, port, null);
    }

    /**
     * Serves the house and takes it over.
     *
     * @param guide what the first page of a demo says; null outside a demo
     * @param port 0: any free one
     * @throws HouseRefused when the port is in use
     */
    public ServedHouse(House house, int port, @Nullable DemoGuide guide) {
        try {
            context = new SpringApplicationBuilder(WebWiring.class)
                    .bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false)
                    .properties(Map.of("server.address", "127.0.0.1", "server.port", port))
                    .initializers(fresh -> furnish((GenericApplicationContext) fresh, house, guide))
                    .listeners((ApplicationListener<ContextClosedEvent>) _ -> closed.countDown())
                    .run();
            house.beginToBeat();
        } catch (RuntimeException e) {
            house.close();
            if (portInUse(e)) {
                throw new HouseRefused("Port " + port + " is in use by another program. Choose another: --port N", e);
            }
            throw e;
        }
    }

    private static void furnish(GenericApplicationContext fresh, House house, @Nullable DemoGuide guide) {
        fresh.registerBean("house", House.class, () -> house);
        if (guide != null) {
            fresh.registerBean("guide", DemoGuide.class, () -> guide);
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
