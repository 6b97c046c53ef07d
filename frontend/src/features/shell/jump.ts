/** Opens the search. Separate from the search window, which is loaded after the first screen. */
import { createSpotlight } from '@mantine/spotlight'

const [store, actions] = createSpotlight()

export const jumpStore = store
export const jump = actions
