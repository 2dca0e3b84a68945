import { createContext, useContext } from "react";

/** Id of the agent whose stream is shown. */
export const AgentContext = createContext("");
export const useAgent = (): string => useContext(AgentContext);
