import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { z } from "zod";
import { LookupPage } from "../user/lookup-page.tsx";
import { ledgerSearch, parseSearch, stringifySearch, TOWN_TABS, townSearch, usersSearch } from "./address.ts";
import { BrokenPage } from "./broken-page.tsx";
import { NotFound } from "./not-found.tsx";
import { rootRoute } from "./root.tsx";
import { AdminOnly, HomePage } from "./sign-in.tsx";

const home = createRoute({ getParentRoute: () => rootRoute, path: "/", component: HomePage });

const users = createRoute({
	getParentRoute: () => rootRoute,
	path: "/users",
	validateSearch: usersSearch,
	component: () => (
		<AdminOnly>
			<LookupPage />
		</AdminOnly>
	),
});

const user = createRoute({
	getParentRoute: () => rootRoute,
	path: "/users/$id",
	component: lazyRouteComponent(() => import("../user/user-page.tsx"), "UserRoute"),
});

const ledger = createRoute({
	getParentRoute: () => rootRoute,
	path: "/ledger",
	validateSearch: ledgerSearch,
	component: lazyRouteComponent(() => import("../ledger/ledger-page.tsx"), "LedgerRoute"),
});

const drills = createRoute({
	getParentRoute: () => rootRoute,
	path: "/drills",
	component: lazyRouteComponent(() => import("../drills/drills-page.tsx"), "DrillsRoute"),
});

const townHome = createRoute({
	getParentRoute: () => rootRoute,
	path: "/towns/$id",
	beforeLoad: ({ params: { id } }) => {
		throw redirect({ to: "/towns/$id/$tab", params: { id, tab: "state" }, replace: true });
	},
});

const town = createRoute({
	getParentRoute: () => rootRoute,
	path: "/towns/$id/$tab",
	params: {
		parse: ({ id, tab }) => ({ id, tab: z.enum(TOWN_TABS).catch("state").parse(tab) }),
		stringify: ({ id, tab }) => ({ id, tab }),
	},
	validateSearch: townSearch,
	// The largest part of the page by far: who signs in or looks somebody up does not wait for it.
	component: lazyRouteComponent(() => import("../town/town-route.tsx"), "TownPageRoute"),
});

export const router = createRouter({
	routeTree: rootRoute.addChildren([home, users, user, ledger, drills, townHome, town]),
	defaultPreload: false,
	defaultNotFoundComponent: NotFound,
	defaultErrorComponent: BrokenPage,
	parseSearch,
	stringifySearch,
});

declare module "@tanstack/react-router" {
	interface Register {
		router: typeof router;
	}
}
