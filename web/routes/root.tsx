import { createRootRoute, Outlet } from "@tanstack/react-router";

/** Root of all routes. Each route module creates its own child of it and router.tsx lists them. */
export const rootRoute = createRootRoute({ component: Outlet });
