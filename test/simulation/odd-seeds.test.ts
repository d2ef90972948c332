import { simulate } from './simulate.ts'

simulate({ first: 1, every: 2 })
