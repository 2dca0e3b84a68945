import { createRoute, createRouter } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";

const home = createRoute({ getParentRoute: () => rootRoute, path: "/", component: () => <h1>Townwatch</h1> });

export const router = createRouter({ routeTree: rootRoute.addChildren([home]), defaultPreload: false });

declare module "@tanstack/react-router" {
	interface Register {
		router: typeof router;
	}
}
